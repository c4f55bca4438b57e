# Attention that remembers keys and values of the positions it has seen, so that a new token costs one position.
#
#   keys, values   for each layer [B, G, room, head width], filled from the left
#
# The rest as in decoder.py.


# For each layer, room for the prompts [B, P] and for the new tokens
def empty(prompts: Tensor, new_tokens: int, matrices: List[Tensor], config: Tensor) -> List[Tensor]:
  size = [torch.size(prompts, 0), int(config[2]), torch.size(prompts, 1) + new_tokens, int(config[3])]
  made = annotate(List[Tensor], [])
  for layer in range(int(config[0])):
    _0 = torch.append(made, torch.zeros(size, dtype=matrices[0].dtype, layout=None, device=prompts.device))
  return made


# h [B, T, D], the positions from `start` on -> h after the layer's attention; the layer's cache takes the new keys and values.
# T is the whole prompt, which is causal, or one token, which sees everything before it.
def attend(h: Tensor, layer: int, start: int, keys: Tensor, values: Tensor, matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tensor:
  end = start + torch.size(h, 1)
  x = __torch__.decoder.norm(h, norms[2 * layer], config)
  here = torch.slice(tables, 1, start, end)
  q, k, v = __torch__.decoder.queries_keys_values(x, layer, matrices, here, config)
  _0 = torch.copy_(torch.slice(keys, 2, start, end), k)
  _1 = torch.copy_(torch.slice(values, 2, start, end), v)
  heads = torch.scaled_dot_product_attention(q, torch.slice(keys, 2, 0, end), torch.slice(values, 2, 0, end), None, 0., start == 0, scale=None, enable_gqa=True)
  joined = torch.reshape(torch.transpose(heads, 1, 2), [torch.size(h, 0), torch.size(h, 1), -1])
  return torch.add(h, torch.to(torch.linear(joined, matrices[4 + 7 * layer]), h.dtype))
