# A decoder's layers with an adapter beside their projections.
#
# Everything starts with one copy, h [1, P, D], and becomes M draws where the first drawn selection makes a difference: what lies
# before it is computed once for all draws.


# Keys and values of positions seen before, for each layer [B, G, columns, w]; empty lists in training, where all positions are new.
#   start   columns that are filled; 0 while the prompts are read
#   seen    where prompts differ in length, which columns are a sequence's own: one bool [B, 1, 1, columns], or none
class Cache(NamedTuple):
  keys : List[Tensor]
  values : List[Tensor]
  start : int
  seen : List[Tensor]


def no_cache() -> __torch__.layer.Cache:
  keys = annotate(List[Tensor], [])
  values = annotate(List[Tensor], [])
  seen = annotate(List[Tensor], [])
  return __torch__.layer.Cache(keys, values, 0, seen)


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


# Puts what prompts have of keys or values into the cache, so that all of them end at one column: x [1, P, G, w]
def keep(x: Tensor, cache: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  parts = torch.split_with_sizes(x, __torch__.batch.sizes(batch), 1)
  row = 0
  for g in range(torch.len(parts)):
    count = batch.counts[g]
    gap = batch.longest - batch.lengths[g]
    rows = torch.slice(cache, 0, row, row + count)
    # A masked column weighs nothing only if it is a number.
    _0 = torch.zero_(torch.slice(rows, 2, 0, gap))
    _1 = torch.copy_(torch.slice(rows, 2, gap, batch.longest), __torch__.layer.block(parts[g], count, batch.lengths[g]))
    row = row + count
  return cache


# Attention of one new position of each sequence: q [1, B, H, w], k and v [1, B, G, w] -> [1, B, H w]; the cache takes k and v
def attend_new(q: Tensor, k: Tensor, v: Tensor, layer: int, model: __torch__.decoder.Model, cache: __torch__.layer.Cache) -> Tensor:
  end = cache.start + 1
  _0 = torch.copy_(torch.select(cache.keys[layer], 2, cache.start), torch.select(k, 0, 0))
  _1 = torch.copy_(torch.select(cache.values[layer], 2, cache.start), torch.select(v, 0, 0))
  window = model.shape.windows[layer]
  first = end - window if window > 0 and end > window else 0
  keys = torch.slice(cache.keys[layer], 2, first, end)
  values = torch.slice(cache.values[layer], 2, first, end)
  seen = annotate(Optional[Tensor], None)
  if torch.len(cache.seen) > 0:
    seen = torch.slice(cache.seen[0], 3, first, end)
  heads = __torch__.decoder.attention_of_new(torch.select(q, 0, 0), keys, values, seen, model)
  return torch.unsqueeze(torch.flatten(heads, 1), 0)


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
  if cache.start > 0:
    heads = __torch__.layer.attend_new(q, k, v, layer, model, cache)
  else:
    heads = __torch__.layer.attend(q, k, v, layer, model, batch)
    if torch.len(cache.keys) > 0:
      _0 = __torch__.layer.keep(k, cache.keys[layer], batch)
      _1 = __torch__.layer.keep(v, cache.values[layer], batch)
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


# Whether the learnt positions alone have to pass a feed-forward: it is the last, so nobody reads the others behind it, and none of
# its routers reads them on the way. Dropout finds its masks by position.
def rows_suffice(layer: int, model: __torch__.decoder.Model, plan: __torch__.mixture.Plan) -> bool:
  return layer == model.shape.layers - 1 and plan.site[5] < 0 and plan.site[6] < 0 and plan.dropout == 0.


# A block's gate at the learnt positions
def gate_of_rows(gate: Optional[__torch__.mixture.Gate], adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch) -> Optional[__torch__.mixture.Gate]:
  found = gate
  if gate is not None and not adapter.plan.by_example:
    on = unchecked_cast(__torch__.mixture.Gate, gate)
    found = __torch__.mixture.Gate(torch.index_select(on.weights, 1, batch.rows), on.selection)
  return found


# h [M or 1, P, D] -> h behind the layer's feed-forward; with rows, of the learnt positions only, [M or 1, S, D]
def feed_forward_block(h: Tensor, layer: int, rows: bool, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, trace: __torch__.mixture.Trace) -> Tensor:
  wide = __torch__.decoder.norm(h, __torch__.decoder.gain(model, layer, 1), model)
  none = annotate(Optional[__torch__.mixture.Gate], None)
  gate_gate = __torch__.mixture.at(wide, 4, layer, none, adapter, batch, trace)
  here = batch
  if rows:
    h = torch.index_select(h, 1, batch.rows)
    wide = torch.index_select(wide, 1, batch.rows)
    gate_gate = __torch__.layer.gate_of_rows(gate_gate, adapter, batch)
    here = __torch__.batch.of_rows(batch)
  up_gate = __torch__.mixture.at(wide, 5, layer, gate_gate, adapter, here, trace)
  x = __torch__.decoder.narrow(wide, model)
  opened = __torch__.layer.project(x, 4, layer, gate_gate, model, adapter, here)
  up = __torch__.layer.project(x, 5, layer, up_gate, model, adapter, here)
  inner = __torch__.decoder.gated(opened, up, model)
  down_gate = __torch__.mixture.at(inner, 6, layer, up_gate, adapter, here, trace)
  y = __torch__.layer.project(inner, 6, layer, down_gate, model, adapter, here)
  return torch.add(h, __torch__.layer.behind(y, layer, 3, model))


# One layer: h [M or 1, P, D] -> [M or 1, P, D]
def layer(h: Tensor, layer: int, rotations: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache, trace: __torch__.mixture.Trace) -> Tensor:
  attended = __torch__.layer.attention_block(h, layer, rotations, model, adapter, batch, cache, trace)
  return __torch__.layer.feed_forward_block(attended, layer, False, model, adapter, batch, trace)


# The same in training, where the last layer may leave out what is not learnt: [M or 1, S, D] then
def layer_for_loss(h: Tensor, layer: int, rotations: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, trace: __torch__.mixture.Trace) -> Tensor:
  attended = __torch__.layer.attention_block(h, layer, rotations, model, adapter, batch, __torch__.layer.no_cache(), trace)
  return __torch__.layer.feed_forward_block(attended, layer, __torch__.layer.rows_suffice(layer, model, adapter.plan), model, adapter, batch, trace)


# All layers: tokens [P] -> h [M or 1, P, D], before the last norm
def states(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, cache: __torch__.layer.Cache, trace: __torch__.mixture.Trace) -> Tensor:
  h = __torch__.decoder.embed(batch.tokens, model)
  rotations = __torch__.decoder.rotations(batch.positions, model)
  for index in range(model.shape.layers):
    h = __torch__.layer.layer(h, index, rotations, model, adapter, batch, cache, trace)
  return h
