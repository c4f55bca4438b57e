# What stands beside a frozen projection. Every kind is a pool of LoRAs, one stacked low-rank product with a gate:
#
#   y = W x + B_all (g * (A_all x))        A_all [N R, D], B_all [O, N R], g: a weight for each LoRA, repeated over its R ranks
#
#   always    one LoRA, g = omega                                    lora, rslora; dora scales W x + omega B A x by m / |W + omega B A|
#   drawn     K of N by the policy, g = omega for each of them       remix (arXiv 2603.10160)
#   top       the K most probable, softmax over them, times omega    mixlora (arXiv 2404.15159)
#   dense     softmax over all N, times omega                        softmix; hydralora (arXiv 2404.19245) has one A for all
#
# A site is where one router reads and one selection is made: a block (attention, feed-forward) whose projections share it, or
# each projection by itself. A router reads the site's input, or its mean over the prompt, and then selects for a whole example.
# The policy's input is detached: REINFORCE is for the router alone. The other kinds learn through their gate.
#
# Letters: M draws, P positions, B examples, N LoRAs, K active, R rank, D inputs, O outputs; I = B or P, what a site selects for.


# Of the adapter, in the order of Java's Plan. kind: -1 none, 0 always, 1 drawn, 2 top, 3 dense; `first` the place of each of
# the seven projections' A in a layer's factors, `site` its router's place in a layer, -1 where there is none. `settled`: an
# Adapter's `squares` are the scales already.
class Plan(NamedTuple):
  kind : int
  by_example : bool
  loras : int
  active : int
  rank : int
  omega : float
  policy : float
  gathered : bool
  one_a : bool
  magnitude : bool
  settled : bool
  dropout : float
  balance : float
  per_layer : int
  sites : int
  first : List[int]
  site : List[int]


# factors   for each layer and target A_all, B_all, and of dora m [O]
# routers   for each layer and site P [N, D]
# squares   of dora, for each layer and target the squared norms of W's rows [O]
# noise     [M, sites, I, N]; a size of 1 in place of I is broadcast
# keys      of dropout, a random number for each position [P] int64
# fixed     logits of each site that were computed before, to go on with; empty to compute them
class Adapter(NamedTuple):
  plan : __torch__.mixture.Plan
  factors : List[Tensor]
  routers : List[Tensor]
  squares : List[Tensor]
  noise : Tensor
  keys : Tensor
  fixed : List[Tensor]


# What each site did, in order, for the scalar and the figures: logits [M, I, N], selections [M, I, K], weights [M, I, N]
class Trace(NamedTuple):
  logits : List[Tensor]
  selections : List[Tensor]
  weights : List[Tensor]


# How a site's LoRAs are switched on. weights [M, I, N]; selection [M, I, K]
class Gate(NamedTuple):
  weights : Tensor
  selection : Tensor


#   numbers, on the CPU, [28] float64
def plan(numbers: Tensor) -> __torch__.mixture.Plan:
  first = annotate(List[int], [])
  site = annotate(List[int], [])
  for target in range(7):
    _0 = torch.append(first, int(numbers[14 + target]))
    _1 = torch.append(site, int(numbers[21 + target]))
  return __torch__.mixture.Plan(int(numbers[0]), torch.ne(int(numbers[1]), 0), int(numbers[2]), int(numbers[3]), int(numbers[4]), float(numbers[5]), float(numbers[6]), torch.ne(int(numbers[7]), 0), torch.ne(int(numbers[8]), 0), torch.ne(int(numbers[9]), 0), False, float(numbers[10]), float(numbers[11]), int(numbers[12]), int(numbers[13]), first, site)


# The same for a use in which nothing is trained. Gathering pays for many positions of an example only.
def settled_plan(plan: __torch__.mixture.Plan, gathered: bool) -> __torch__.mixture.Plan:
  return __torch__.mixture.Plan(plan.kind, plan.by_example, plan.loras, plan.active, plan.rank, plan.omega, plan.policy, gathered, plan.one_a, plan.magnitude, True, plan.dropout, plan.balance, plan.per_layer, plan.sites, plan.first, plan.site)


def trace() -> __torch__.mixture.Trace:
  a = annotate(List[Tensor], [])
  b = annotate(List[Tensor], [])
  c = annotate(List[Tensor], [])
  return __torch__.mixture.Trace(a, b, c)


# --- a site ----------------------------------------------------------------------------------------------------------

# What the site's router says: x [M or 1, P, D] -> [M or 1, I, N]
def site_logits(x: Tensor, site: int, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch) -> Tensor:
  router = adapter.routers[site]
  input = torch.to(x, router.dtype)
  if adapter.plan.kind == 1:
    input = torch.detach(input)
  if adapter.plan.by_example:
    input = __torch__.batch.prompt_mean(input, batch)
  return torch.linear(input, router)


# What is switched on at a site; x [M or 1, P, D] its input
def gate(x: Tensor, site: int, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, trace: __torch__.mixture.Trace) -> __torch__.mixture.Gate:
  plan = adapter.plan
  if torch.len(adapter.fixed) > 0:
    logits = adapter.fixed[site]
  else:
    logits = __torch__.mixture.site_logits(x, site, adapter, batch)
  if plan.kind == 1:
    draws = torch.size(adapter.noise, 0)
    logits = torch.expand(logits, [draws, -1, -1])
    selection = __torch__.policy.draw(torch.mul(logits, plan.policy), torch.select(adapter.noise, 1, site), plan.active)
    weights = __torch__.policy.gate(logits, selection, plan.omega)
  else:
    selection = __torch__.policy.top(logits, plan.active)
    weights = torch.mul(__torch__.policy.soft(logits, selection), plan.omega)
  _0 = torch.append(trace.logits, logits)
  _1 = torch.append(trace.selections, selection)
  _2 = torch.append(trace.weights, weights)
  return __torch__.mixture.Gate(weights, selection)


# The gate of a projection: its own site's where each has one or where the block's is new, or else the block's
def at(x: Tensor, target: int, layer: int, before: Optional[__torch__.mixture.Gate], adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, trace: __torch__.mixture.Trace) -> Optional[__torch__.mixture.Gate]:
  plan = adapter.plan
  found = before
  if plan.site[target] >= 0:
    found = __torch__.mixture.gate(x, layer * plan.sites + plan.site[target], adapter, batch, trace)
  return found


# --- the product -----------------------------------------------------------------------------------------------------

# The weights of the pool's ranks at each position, in x's type: [M, I, N] -> [M, P, N R]
def of_ranks(weights: Tensor, like: Tensor, plan: __torch__.mixture.Plan, batch: __torch__.batch.Batch) -> Tensor:
  here = torch.to(weights, like.dtype)
  if plan.by_example:
    here = __torch__.batch.at_positions(here, batch)
  return torch.flatten(torch.expand(torch.unsqueeze(here, -1), [-1, -1, -1, plan.rank]), -2)


# B_all (g * (A_all x)): x [M or 1, P, D] -> [M, P, O]. With one A for all, every LoRA weighs the same R numbers.
def masked(x: Tensor, a: Tensor, b: Tensor, weights: Tensor, plan: __torch__.mixture.Plan, batch: __torch__.batch.Batch) -> Tensor:
  inner = torch.linear(x, a)
  if plan.one_a:
    inner = torch.repeat(inner, [1, 1, plan.loras])
  return torch.linear(torch.mul(inner, __torch__.mixture.of_ranks(weights, x, plan, batch)), b)


# The same where an example selects once for all its positions, by multiplying the selected LoRAs only: K/N of the work. They are
# picked by products with one-hot rows, because the gradient of a gather adds in no fixed order on a GPU.
def gathered(x: Tensor, a: Tensor, b: Tensor, selection: Tensor, plan: __torch__.mixture.Plan, batch: __torch__.batch.Batch) -> Tensor:
  m = torch.size(selection, 0)
  ranks = plan.active * plan.rank
  one_hot = torch.to(torch.flatten(torch.one_hot(selection, plan.loras), 0, 2), a.dtype)
  chosen_a = torch.view(torch.matmul(one_hot, torch.reshape(a, [plan.loras, -1])), [m, batch.examples, ranks, -1])
  by_lora = torch.reshape(torch.transpose(b, 0, 1), [plan.loras, -1])
  chosen_b = torch.view(torch.matmul(one_hot, by_lora), [m, batch.examples, ranks, -1])
  inputs = torch.split_with_sizes(torch.expand(x, [m, -1, -1]), __torch__.batch.sizes(batch), 1)
  as_ = torch.split_with_sizes(chosen_a, batch.counts, 1)
  bs = torch.split_with_sizes(chosen_b, batch.counts, 1)
  outputs = annotate(List[Tensor], [])
  for g in range(torch.len(inputs)):
    blocks = torch.reshape(inputs[g], [m * batch.counts[g], batch.lengths[g], -1])
    inner = torch.bmm(blocks, torch.transpose(torch.flatten(as_[g], 0, 1), 1, 2))
    found = torch.bmm(torch.mul(inner, plan.omega), torch.flatten(bs[g], 0, 1))
    _0 = torch.append(outputs, torch.view(found, [m, batch.counts[g] * batch.lengths[g], -1]))
  return torch.cat(outputs, 1)


# What the low-rank product adds
def added(x: Tensor, a: Tensor, b: Tensor, gate: Optional[__torch__.mixture.Gate], plan: __torch__.mixture.Plan, batch: __torch__.batch.Batch) -> Tensor:
  if gate is None:
    found = torch.mul(torch.linear(torch.linear(x, a), b), plan.omega)
  else:
    on = unchecked_cast(__torch__.mixture.Gate, gate)
    if plan.gathered and torch.len(batch.counts) > 0:
      found = __torch__.mixture.gathered(x, a, b, on.selection, plan, batch)
    else:
      found = __torch__.mixture.masked(x, a, b, on.weights, plan, batch)
  return found


# m / |W + omega B A| by row, the norm without a graph (arXiv 2402.09353, section 4.3):
#   |w + s b A|^2 = |w|^2 + 2 s b (A w) + s^2 b (A A^T) b^T        for each row w of W and b of B, so that W + s B A is never made
def magnitude(w: Tensor, a: Tensor, b: Tensor, m: Tensor, squares: Tensor, plan: __torch__.mixture.Plan) -> Tensor:
  a_ = torch.detach(a)
  b_ = torch.detach(b)
  cross = torch.sum(torch.mul(torch.to(torch.linear(w, torch.to(a_, w.dtype)), b.dtype), b_), [-1])
  own = torch.sum(torch.mul(torch.matmul(b_, torch.matmul(a_, torch.transpose(a_, 0, 1))), b_), [-1])
  norm = torch.sqrt(torch.add(squares, torch.add(torch.mul(cross, 2. * plan.omega), torch.mul(own, plan.omega * plan.omega))))
  return torch.div(m, norm)


# A projection with what stands beside it, without its bias: x [M or 1, P, D] in the products' type -> [M or 1, P, O]
def product(x: Tensor, w: Tensor, target: int, layer: int, gate: Optional[__torch__.mixture.Gate], adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch) -> Tensor:
  plan = adapter.plan
  y = torch.linear(x, w)
  if plan.first[target] >= 0:
    at = layer * plan.per_layer + plan.first[target]
    a, b = adapter.factors[at], adapter.factors[at + 1]
    input = x
    if plan.dropout > 0.:
      input = __torch__.dropout.dropped(x, adapter.keys, plan.dropout, target, layer)
    y = torch.add(y, __torch__.mixture.added(input, torch.to(a, x.dtype), torch.to(b, x.dtype), gate, plan, batch))
    if plan.magnitude:
      scale = adapter.squares[torch.floordiv(at, 3)]
      if not plan.settled:
        scale = __torch__.mixture.magnitude(w, a, b, adapter.factors[at + 2], scale, plan)
      y = torch.mul(y, torch.to(scale, y.dtype))
  return y


# What DoRA multiplies each row by while nothing is trained, in the order of `squares`
def scales(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter) -> List[Tensor]:
  plan = adapter.plan
  found = annotate(List[Tensor], [])
  if plan.magnitude:
    for layer in range(model.shape.layers):
      for target in range(7):
        if plan.first[target] >= 0:
          at = layer * plan.per_layer + plan.first[target]
          w = __torch__.decoder.matrix(model, layer, target)
          scale = __torch__.mixture.magnitude(w, adapter.factors[at], adapter.factors[at + 1], adapter.factors[at + 2], adapter.squares[torch.floordiv(at, 3)], plan)
          _0 = torch.append(found, scale)
  return found


# The adapter with these scales
def settled(adapter: __torch__.mixture.Adapter, scales: List[Tensor]) -> __torch__.mixture.Adapter:
  plan = __torch__.mixture.settled_plan(adapter.plan, adapter.plan.gathered)
  return __torch__.mixture.Adapter(plan, adapter.factors, adapter.routers, scales, adapter.noise, adapter.keys, adapter.fixed)
