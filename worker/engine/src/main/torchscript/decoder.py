# A Llama decoder: pre-norm blocks of rotary grouped-query attention and a SwiGLU feed-forward, no biases.
#
#   h <- h + O attention(rope(Q n(h)), rope(K n(h)), V n(h))        n: RMS norm with its own gain
#   h <- h + down(silu(gate(n(h))) * up(n(h)))
#
# Architecture as Hugging Face's LlamaForCausalLM; the halves of a head are rotated, not its pairs.
#
# Everywhere:
#   config   [6] float64: layers L, heads H, key heads G, head width, 1 if the head is the embedding, epsilon of the norms
#   tables   [2, positions, head width / 2]: cosine and sine
#   matrices embedding [V, D], then for each layer q, k, v, o, gate, up, down, then the head [V, D] unless it is the embedding
#   norms    for each layer the gain before attention and before the feed-forward, then the last one
#
# Matrices may be bfloat16 with everything else in float32: products then run in bfloat16, the residual stream and all sums in
# float32. Sequences are padded on the right and attention is causal, so no real position ever sees padding.
#
# Left out: attention dropout, biases, sliding windows.


# [B, T] int64 -> h [B, T, D]
def embed(tokens: Tensor, matrices: List[Tensor], norms: List[Tensor]) -> Tensor:
  return torch.to(torch.embedding(matrices[0], tokens), norms[0].dtype)


# x [..., D] -> [..., D], in the norm's own type
def norm(x: Tensor, gain: Tensor, config: Tensor) -> Tensor:
  return torch.rms_norm(x, [torch.size(x, -1)], gain, float(config[5]))


# x W^T in the type of W: x [..., D], w [O, D] -> [..., O]
def product(x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(torch.to(x, w.dtype), w)


# x [B, heads, T, head width], tables [2, T, head width / 2]
def rotate(x: Tensor, tables: Tensor) -> Tensor:
  cos, sin = torch.unbind(torch.to(tables, x.dtype))
  low, high = torch.chunk(x, 2, -1)
  return torch.cat([torch.sub(torch.mul(low, cos), torch.mul(high, sin)), torch.add(torch.mul(high, cos), torch.mul(low, sin))], -1)


# Rotated queries [B, H, T, .] and keys [B, G, T, .], and values [B, G, T, .] of normalised input x [B, T, D]; the tables hold
# the T positions that x stands at.
def queries_keys_values(x: Tensor, layer: int, matrices: List[Tensor], tables: Tensor, config: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  rows = [torch.size(x, 0), torch.size(x, 1), -1, int(config[3])]
  at = 1 + 7 * layer
  input = torch.to(x, matrices[at].dtype)
  q = torch.transpose(torch.view(torch.linear(input, matrices[at]), rows), 1, 2)
  k = torch.transpose(torch.view(torch.linear(input, matrices[at + 1]), rows), 1, 2)
  v = torch.transpose(torch.view(torch.linear(input, matrices[at + 2]), rows), 1, 2)
  return (__torch__.decoder.rotate(q, tables), __torch__.decoder.rotate(k, tables), v)


# h [B, T, D] -> h [B, T, D] after the layer's attention
def attend(h: Tensor, layer: int, matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tensor:
  x = __torch__.decoder.norm(h, norms[2 * layer], config)
  here = torch.slice(tables, 1, 0, torch.size(h, 1))
  q, k, v = __torch__.decoder.queries_keys_values(x, layer, matrices, here, config)
  heads = torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=None, enable_gqa=True)
  joined = torch.reshape(torch.transpose(heads, 1, 2), [torch.size(h, 0), torch.size(h, 1), -1])
  return torch.add(h, torch.to(torch.linear(joined, matrices[4 + 7 * layer]), h.dtype))


# The plain feed-forward: h [B, T, D] -> h [B, T, D]
def feed_forward(h: Tensor, layer: int, matrices: List[Tensor], norms: List[Tensor], config: Tensor) -> Tensor:
  at = 5 + 7 * layer
  x = torch.to(__torch__.decoder.norm(h, norms[2 * layer + 1], config), matrices[at].dtype)
  inner = torch.mul(torch.silu(torch.linear(x, matrices[at])), torch.linear(x, matrices[at + 1]))
  return torch.add(h, torch.to(torch.linear(inner, matrices[at + 2]), h.dtype))


# The whole decoder without any adapter: tokens [B, T] -> h [B, T, D], before the last norm
def states(tokens: Tensor, matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tensor:
  h = __torch__.decoder.embed(tokens, matrices, norms)
  for layer in range(int(config[0])):
    h = __torch__.decoder.attend(h, layer, matrices, norms, tables, config)
    h = __torch__.decoder.feed_forward(h, layer, matrices, norms, config)
  return h


# Last norm and head: h [..., D] -> logits [..., V], in the residual stream's type
def logits(h: Tensor, matrices: List[Tensor], norms: List[Tensor], config: Tensor) -> Tensor:
  head = matrices[1 + 7 * int(config[0])] if torch.eq(int(config[4]), 0) else matrices[0]
  x = __torch__.decoder.norm(h, norms[2 * int(config[0])], config)
  return torch.to(__torch__.decoder.product(x, head), h.dtype)
