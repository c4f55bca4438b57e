# The parts of a decoder: pre-norm blocks of rotary grouped-query attention and a gated feed-forward. layer.py puts them together.
#
#   h <- h + O attention(rope(Q n(h)), rope(K n(h)), V n(h))        n: RMS norm with its own gain
#   h <- h + down(act(gate(n(h))) * up(n(h)))
#
# Architecture as Hugging Face's LlamaForCausalLM, with what its relatives add: biases, norms of queries and keys, sliding windows,
# norms behind a block, a scaled embedding, soft caps. The halves of a head are rotated, not its pairs.
#
# Matrices may be bfloat16 with everything else in float32: products, and what lies between the products of a block, then run in
# bfloat16; the residual stream, norms and sums in float32.
#
# Letters: M draws (1 where all are alike still), P positions, D width, H heads, G key heads, w head width, V vocabulary.
#
# Left out: attention dropout.


# Numbers of a config.json and what is computed of them, in the order of Java's Decoder
#   per_layer   vectors of one layer
#   windows     for each layer, positions that attention looks back, its own included; 0 all
#   rotations   for each layer, which of the rotary tables
class Shape(NamedTuple):
  layers : int
  heads : int
  key_heads : int
  width : int
  tied : bool
  epsilon : float
  qkv_bias : bool
  o_bias : bool
  inner_bias : bool
  head_norms : bool
  post_norms : bool
  gelu : bool
  embedding_scale : float
  attention_scale : float
  attention_cap : float
  logit_cap : float
  per_layer : int
  windows : List[int]
  rotations : List[int]


# matrices  embedding [V, D], then for each layer q, k, v, o, gate, up, down, then the head [V, D] unless it is the embedding
# vectors   for each layer the gains before attention and before the feed-forward, then, where the model has them: gains behind
#           attention and feed-forward; of queries and keys; biases of q, k, v; of o; of gate, up, down. Last, the final gain.
# tables    [kinds, 2, positions, w / 2]: cosine and sine
class Model(NamedTuple):
  shape : __torch__.decoder.Shape
  tables : Tensor
  matrices : List[Tensor]
  vectors : List[Tensor]


def flag(config: Tensor, index: int) -> bool:
  return torch.ne(int(config[index]), 0)


#   config, on the CPU, [16 + 2 L] float64
def shape(config: Tensor) -> __torch__.decoder.Shape:
  layers = int(config[0])
  qkv_bias = __torch__.decoder.flag(config, 6)
  o_bias = __torch__.decoder.flag(config, 7)
  inner_bias = __torch__.decoder.flag(config, 8)
  head_norms = __torch__.decoder.flag(config, 9)
  post_norms = __torch__.decoder.flag(config, 10)
  per_layer = 2 + 2 * int(post_norms) + 2 * int(head_norms) + 3 * int(qkv_bias) + int(o_bias) + 3 * int(inner_bias)
  windows = annotate(List[int], [])
  rotations = annotate(List[int], [])
  for layer in range(layers):
    _0 = torch.append(windows, int(config[16 + layer]))
    _1 = torch.append(rotations, int(config[16 + layers + layer]))
  return __torch__.decoder.Shape(layers, int(config[1]), int(config[2]), int(config[3]), __torch__.decoder.flag(config, 4), float(config[5]), qkv_bias, o_bias, inner_bias, head_norms, post_norms, __torch__.decoder.flag(config, 11), float(config[12]), float(config[13]), float(config[14]), float(config[15]), per_layer, windows, rotations)


def model(config: Tensor, tables: Tensor, matrices: List[Tensor], vectors: List[Tensor]) -> __torch__.decoder.Model:
  return __torch__.decoder.Model(__torch__.decoder.shape(config), tables, matrices, vectors)


# --- where things lie ------------------------------------------------------------------------------------------------

# One of a layer's seven: 0 q, 1 k, 2 v, 3 o, 4 gate, 5 up, 6 down
def matrix(model: __torch__.decoder.Model, layer: int, target: int) -> Tensor:
  return model.matrices[1 + 7 * layer + target]


def head(model: __torch__.decoder.Model) -> Tensor:
  return model.matrices[0] if model.shape.tied else model.matrices[1 + 7 * model.shape.layers]


# 0 before attention, 1 before the feed-forward, 2 behind attention, 3 behind the feed-forward
def gain(model: __torch__.decoder.Model, layer: int, which: int) -> Tensor:
  return model.vectors[model.shape.per_layer * layer + which]


# 0 of queries, 1 of keys
def head_gain(model: __torch__.decoder.Model, layer: int, which: int) -> Tensor:
  return model.vectors[model.shape.per_layer * layer + 2 + 2 * int(model.shape.post_norms) + which]


def final_gain(model: __torch__.decoder.Model) -> Tensor:
  return model.vectors[model.shape.per_layer * model.shape.layers]


# The bias of one of a layer's seven, or None
def bias(model: __torch__.decoder.Model, layer: int, target: int) -> Optional[Tensor]:
  shape = model.shape
  at = shape.per_layer * layer + 2 + 2 * int(shape.post_norms) + 2 * int(shape.head_norms)
  qkv = 3 * int(shape.qkv_bias)
  found = annotate(Optional[Tensor], None)
  if target < 3:
    if shape.qkv_bias:
      found = model.vectors[at + target]
  elif target == 3:
    if shape.o_bias:
      found = model.vectors[at + qkv]
  elif shape.inner_bias:
    found = model.vectors[at + qkv + int(shape.o_bias) + target - 4]
  return found


# --- what is computed ------------------------------------------------------------------------------------------------

# [P] int64 -> h [1, P, D], in the type of the vectors
def embed(tokens: Tensor, model: __torch__.decoder.Model) -> Tensor:
  h = torch.to(torch.embedding(model.matrices[0], tokens), model.vectors[0].dtype)
  if torch.ne(model.shape.embedding_scale, 1.):
    h = torch.mul(h, model.shape.embedding_scale)
  return torch.unsqueeze(h, 0)


# x [..., D] -> [..., D], in the gain's type
def norm(x: Tensor, gain: Tensor, model: __torch__.decoder.Model) -> Tensor:
  return torch.rms_norm(torch.to(x, gain.dtype), [torch.size(x, -1)], gain, model.shape.epsilon)


# In the type of the products
def narrow(x: Tensor, model: __torch__.decoder.Model) -> Tensor:
  return torch.to(x, model.matrices[0].dtype)


# Cosine and sine of each position, for each kind of table: [P] -> [kinds, 2, P, 1, w / 2]
def rotations(positions: Tensor, model: __torch__.decoder.Model) -> Tensor:
  return torch.unsqueeze(__torch__.decoder.narrow(torch.index_select(model.tables, 2, positions), model), 3)


# x [M, P, heads, w], rotation [2, P, 1, w / 2]
def rotate(x: Tensor, rotation: Tensor) -> Tensor:
  cos, sin = torch.unbind(rotation)
  low, high = torch.chunk(x, 2, -1)
  return torch.cat([torch.sub(torch.mul(low, cos), torch.mul(high, sin)), torch.add(torch.mul(high, cos), torch.mul(low, sin))], -1)


# x [M, P, heads * w] -> [M, P, heads, w], normed by head where the model does so
def heads(x: Tensor, layer: int, which: int, model: __torch__.decoder.Model) -> Tensor:
  split = torch.view(x, [torch.size(x, 0), torch.size(x, 1), -1, model.shape.width])
  if model.shape.head_norms:
    split = __torch__.decoder.narrow(__torch__.decoder.norm(split, __torch__.decoder.head_gain(model, layer, which), model), model)
  return split


# Which keys a query sees when not all before it: bool [positions, positions]
def band(positions: int, window: int, like: Tensor) -> Tensor:
  q = torch.unsqueeze(torch.arange(positions, dtype=4, layout=None, device=like.device), 1)
  k = torch.transpose(q, 0, 1)
  seen = torch.le(k, q)
  if window > 0:
    seen = torch.logical_and(seen, torch.gt(k, torch.sub(q, window)))
  return seen


# Causal attention of dense blocks: q [I, H, positions, w], k and v [I, G, positions, w] -> [I, H, positions, w]
def attention(q: Tensor, k: Tensor, v: Tensor, layer: int, model: __torch__.decoder.Model) -> Tensor:
  positions = torch.size(q, 2)
  window = model.shape.windows[layer]
  if torch.ne(model.shape.attention_cap, 0.) or __torch__.decoder.better_written_out(q, k):
    out = __torch__.decoder.written_out(q, k, v, __torch__.decoder.band(positions, window, q), model)
  elif window == 0 or positions <= window:
    out = torch.scaled_dot_product_attention(q, k, v, None, 0., positions > 1, scale=model.shape.attention_scale, enable_gqa=True)
  else:
    out = torch.scaled_dot_product_attention(q, k, v, __torch__.decoder.band(positions, window, q), 0., False, scale=model.shape.attention_scale, enable_gqa=True)
  return out


# On a CPU the fused kernel's products are slow in bfloat16: up to 512 positions whole matrices take a third of its time forwards
# and backwards, for memory of the same order as the layer's other activations (docs/log.md).
def better_written_out(q: Tensor, k: Tensor) -> bool:
  return torch.eq(q.dtype, 15) and not q.is_cuda and torch.size(k, 2) <= 512


# Softmax over whole score matrices, soft-capped where the model does so. The queries of one key head lie together.
def written_out(q: Tensor, k: Tensor, v: Tensor, seen: Tensor, model: __torch__.decoder.Model) -> Tensor:
  heads, queries, keys = torch.size(q, 1), torch.size(q, 2), torch.size(k, 2)
  together = [torch.size(q, 0), torch.size(k, 1), torch.floordiv(heads, torch.size(k, 1)) * queries, -1]
  scores = torch.matmul(torch.reshape(torch.mul(q, model.shape.attention_scale), together), torch.transpose(k, 2, 3))
  if torch.ne(model.shape.attention_cap, 0.):
    scores = torch.mul(torch.tanh(torch.div(scores, model.shape.attention_cap)), model.shape.attention_cap)
  hidden = torch.masked_fill(torch.zeros([queries, keys], dtype=q.dtype, layout=None, device=q.device), torch.logical_not(seen), -inf)
  shares = torch.softmax(torch.add(torch.view(scores, [-1, queries, keys]), hidden), -1)
  return torch.reshape(torch.matmul(torch.reshape(shares, together), v), torch.size(q))


# Attention of one position of each sequence to all it sees: q [B, H, w], k and v [B, G, keys, w], seen bool [B, 1, 1, keys] or None
# for all -> [B, H, w]. The heads that share a key head are its queries, so that nothing is repeated for them.
def attention_of_new(q: Tensor, k: Tensor, v: Tensor, seen: Optional[Tensor], model: __torch__.decoder.Model) -> Tensor:
  queries = torch.reshape(q, [torch.size(q, 0), model.shape.key_heads, -1, model.shape.width])
  if torch.ne(model.shape.attention_cap, 0.):
    out = __torch__.decoder.capped(queries, k, v, seen, model)
  else:
    out = torch.scaled_dot_product_attention(queries, k, v, seen, 0., False, scale=model.shape.attention_scale)
  return torch.flatten(out, 1, 2)


# The same with scores soft-capped before the softmax
def capped(q: Tensor, k: Tensor, v: Tensor, seen: Optional[Tensor], model: __torch__.decoder.Model) -> Tensor:
  scores = torch.mul(torch.matmul(q, torch.transpose(k, 2, 3)), model.shape.attention_scale)
  bounded = torch.to(torch.mul(torch.tanh(torch.div(scores, model.shape.attention_cap)), model.shape.attention_cap), model.vectors[0].dtype)
  if seen is not None:
    bounded = torch.masked_fill(bounded, torch.logical_not(unchecked_cast(Tensor, seen)), -inf)
  return torch.matmul(torch.to(torch.softmax(bounded, -1), q.dtype), v)


# act(gate) * up
def gated(gate: Tensor, up: Tensor, model: __torch__.decoder.Model) -> Tensor:
  if model.shape.gelu:
    active = torch.gelu(gate, approximate="tanh")
  else:
    active = torch.silu(gate)
  return torch.mul(active, up)


# Last norm and head: h [..., D] -> logits [..., V], in h's type
def logits(h: Tensor, model: __torch__.decoder.Model) -> Tensor:
  x = __torch__.decoder.narrow(__torch__.decoder.norm(h, __torch__.decoder.final_gain(model), model), model)
  found = torch.to(torch.linear(x, __torch__.decoder.head(model)), h.dtype)
  if torch.ne(model.shape.logit_cap, 0.):
    found = torch.mul(torch.tanh(torch.div(found, model.shape.logit_cap)), model.shape.logit_cap)
  return found
