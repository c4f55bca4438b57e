# A decoder's layers with an adapter beside their projections.
#
# Everything starts with one copy, h [1, P, D], and becomes M draws where the first drawn selection makes a difference: what lies
# before it is computed once for all draws.


# Keys and values of positions seen before, for each layer [B, G, room, w]; empty lists in training, where all positions are new
class Cache(NamedTuple):
  keys : List[Tensor]
  values : List[Tensor]
  start : int


def no_cache() -> __torch__.layer.Cache:
  keys = annotate(List[Tensor], [])
  values = annotate(List[Tensor], [])
  return __torch__.layer.Cache(keys, values, 0)


# A projection with what stands beside it and its bias
def project(x: Tensor, target: int, layer: int, gate: Optional[__torch__.mixture.Gate], model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch) -> Tensor:
  y = __torch__.mixture.product(x, __torch__.decoder.matrix(model, layer, target), target, layer, gate, adapter, batch)
  bias = __torch__.decoder.bias(model, layer, target)
  if bias is not None:
    y = torch.add(y, torch.to(unchecked_cast(Tensor, bias), y.dtype))
  return y


# x [M, P, heads, w], some of its positions -> [M count, heads, length, w]
def block(x: Tensor, count: int, length: int) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0) * count, length, torch.size(x, 2), torch.size(x, 3)]), 1, 2)


# The way back: [M count, heads, length, w] -> [M, count length, heads w]
def flat(x: Tensor, m: int) -> Tensor:
  return torch.reshape(torch.transpose(x, 1, 2), [m, torch.floordiv(torch.size(x, 0), m) * torch.size(x, 2), -1])


# Attention within each document: q [M, P, H, w], k and v [M, P, G, w] -> [M, P, H w]
def attend(q: Tensor, k: Tensor, v: Tensor, layer: int, model: __torch__.decoder.Model, batch: __torch__.batch.Batch) -> Tensor:
  m = torch.size(q, 0)
  sizes = __torch__.batch.sizes(batch)
  qs = torch.split_with_sizes(q, sizes, 1)
  ks = torch.split_with_sizes(k, sizes, 1)
  vs = torch.split_with_sizes(v, sizes, 1)
  found = annotate(List[Tensor], [])
  for g in range(torch.len(sizes)):
    count = batch.counts[g]
    length = batch.lengths[g]
    heads = __torch__.decoder.attention(__torch__.layer.block(qs[g], count, length), __torch__.layer.block(ks[g], count, length), __torch__.layer.block(vs[g], count, length), layer, model)
    _0 = torch.append(found, __torch__.layer.flat(heads, m))
  return torch.cat(found, 1)


# The same for new positions of a batch of sequences, one group: the cache takes their keys and values
def attend_cached(q: Tensor, k: Tensor, v: Tensor, layer: int, model: __torch__.decoder.Model, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache) -> Tensor:
  count = batch.counts[0]
  length = batch.lengths[0]
  end = cache.start + length
  _0 = torch.copy_(torch.slice(cache.keys[layer], 2, cache.start, end), __torch__.layer.block(k, count, length))
  _1 = torch.copy_(torch.slice(cache.values[layer], 2, cache.start, end), __torch__.layer.block(v, count, length))
  heads = __torch__.decoder.attention(__torch__.layer.block(q, count, length), torch.slice(cache.keys[layer], 2, 0, end), torch.slice(cache.values[layer], 2, 0, end), layer, model)
  return __torch__.layer.flat(heads, 1)


# h [M or 1, P, D] -> h behind the layer's attention
def attention_block(h: Tensor, layer: int, rotations: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache, trace: __torch__.mixture.Trace) -> Tensor:
  wide = __torch__.decoder.norm(h, __torch__.decoder.gain(model, layer, 0), model)
  x = __torch__.decoder.narrow(wide, model)
  none = annotate(Optional[__torch__.mixture.Gate], None)
  q_gate = __torch__.mixture.at(wide, 0, layer, none, adapter, batch, trace)
  k_gate = __torch__.mixture.at(wide, 1, layer, q_gate, adapter, batch, trace)
  v_gate = __torch__.mixture.at(wide, 2, layer, k_gate, adapter, batch, trace)
  o_gate = v_gate
  q = __torch__.decoder.heads(__torch__.layer.project(x, 0, layer, q_gate, model, adapter, batch), layer, 0, model)
  k = __torch__.decoder.heads(__torch__.layer.project(x, 1, layer, k_gate, model, adapter, batch), layer, 1, model)
  v = __torch__.layer.project(x, 2, layer, v_gate, model, adapter, batch)
  v = torch.view(v, [torch.size(v, 0), torch.size(v, 1), -1, model.shape.width])
  m = __torch__.layer.most(torch.size(q, 0), torch.size(k, 0), torch.size(v, 0))
  rotation = torch.select(rotations, 0, model.shape.rotations[layer])
  q = torch.expand(__torch__.decoder.rotate(q, rotation), [m, -1, -1, -1])
  k = torch.expand(__torch__.decoder.rotate(k, rotation), [m, -1, -1, -1])
  v = torch.expand(v, [m, -1, -1, -1])
  if torch.len(cache.keys) > 0:
    heads = __torch__.layer.attend_cached(q, k, v, layer, model, batch, cache)
  else:
    heads = __torch__.layer.attend(q, k, v, layer, model, batch)
  o_gate = __torch__.mixture.at(heads, 3, layer, o_gate, adapter, batch, trace)
  y = __torch__.layer.project(heads, 3, layer, o_gate, model, adapter, batch)
  return torch.add(h, __torch__.layer.behind(y, layer, 2, model))


def most(a: int, b: int, c: int) -> int:
  ab = a if a > b else b
  return ab if ab > c else c


# What a block gives, as the residual stream takes it: normed once more where the model does so
def behind(y: Tensor, layer: int, which: int, model: __torch__.decoder.Model) -> Tensor:
  if model.shape.post_norms:
    out = __torch__.decoder.norm(y, __torch__.decoder.gain(model, layer, which), model)
  else:
    out = torch.to(y, model.vectors[0].dtype)
  return out


# h [M or 1, P, D] -> h behind the layer's feed-forward
def feed_forward_block(h: Tensor, layer: int, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, trace: __torch__.mixture.Trace) -> Tensor:
  wide = __torch__.decoder.norm(h, __torch__.decoder.gain(model, layer, 1), model)
  x = __torch__.decoder.narrow(wide, model)
  none = annotate(Optional[__torch__.mixture.Gate], None)
  gate_gate = __torch__.mixture.at(wide, 4, layer, none, adapter, batch, trace)
  up_gate = __torch__.mixture.at(wide, 5, layer, gate_gate, adapter, batch, trace)
  opened = __torch__.layer.project(x, 4, layer, gate_gate, model, adapter, batch)
  up = __torch__.layer.project(x, 5, layer, up_gate, model, adapter, batch)
  inner = __torch__.decoder.gated(opened, up, model)
  down_gate = __torch__.mixture.at(inner, 6, layer, up_gate, adapter, batch, trace)
  y = __torch__.layer.project(inner, 6, layer, down_gate, model, adapter, batch)
  return torch.add(h, __torch__.layer.behind(y, layer, 3, model))


# One layer: h [M or 1, P, D] -> [M or 1, P, D]
def layer(h: Tensor, layer: int, rotations: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache, trace: __torch__.mixture.Trace) -> Tensor:
  attended = __torch__.layer.attention_block(h, layer, rotations, model, adapter, batch, cache, trace)
  return __torch__.layer.feed_forward_block(attended, layer, model, adapter, batch, trace)


# All layers: tokens [P] -> h [M or 1, P, D], before the last norm
def states(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache, trace: __torch__.mixture.Trace) -> Tensor:
  h = __torch__.decoder.embed(batch.tokens, model)
  rotations = __torch__.decoder.rotations(torch.add(batch.positions, cache.start), model)
  for index in range(model.shape.layers):
    h = __torch__.layer.layer(h, index, rotations, model, adapter, batch, cache, trace)
  return h
