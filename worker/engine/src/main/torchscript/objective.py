# The gradient of a training step's scalar, layer by layer where memory asks for it.
#
#   scalar = sum_b w_b mean_m [ L_mb + stopgrad(A_mb) log Q_mb ]  (+ what an option or another kind adds)      policy.py
#
# The forward gives the last states h and each site's logits. Then the two halves of the scalar's gradient are known: that of the
# losses with respect to h comes out of the head, chunk by chunk, and that of log Q is the advantage. Both go back through the
# layers together. Nothing here divides by the number of examples or tokens of this call: w_b is the example's share of the whole
# step, so that micro-batches and devices add up to the large batch's gradient.
#
#   options, on the CPU, [6] float64: weight of all learnt tokens of the step; 1 to recompute each layer; 1 for the adapters'
#   gradient from the first draw alone; 1 to normalise advantages; coefficient of the entropy bonus; of the divergence from uniform
class Options(NamedTuple):
  total : float
  recompute : bool
  first_draw : bool
  normalise : bool
  entropy : float
  uniform : float


def options(numbers: Tensor) -> __torch__.objective.Options:
  return __torch__.objective.Options(float(numbers[0]), torch.ne(int(numbers[1]), 0), torch.ne(int(numbers[2]), 0), torch.ne(int(numbers[3]), 0), float(numbers[4]), float(numbers[5]))


# The head's rows of h: [M, P, D] -> [M, S, D]; of an h that has them only, h itself
def rows(h: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  found = h
  if torch.size(h, 1) == torch.size(batch.tokens, 0):
    found = torch.index_select(h, 1, batch.rows)
  return found


# The way back of the gradient: [M, S, D] -> [M, P, D], or as it is where the states have the rows only
def to_states(of_rows: Tensor, states: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  found = of_rows
  if torch.ne(torch.size(states, 1), torch.size(of_rows, 1)):
    found = torch.index_copy(torch.zeros_like(torch.detach(states)), 1, batch.rows, of_rows)
  return found


# Loss weights of the rows, as shares of the whole step: [S]
def row_weights(h: Tensor, batch: __torch__.batch.Batch, options: __torch__.objective.Options) -> Tensor:
  return torch.div(torch.to(torch.index_select(batch.weights, 0, batch.rows), h.dtype), options.total)


# --- the two halves of the scalar's gradient --------------------------------------------------------------------------

# What log Q of each selection is multiplied by: the advantage of the weighted losses w_b L_mb, over M.
#   nats [M, S], weights [S] -> [M, I]
def reinforcement(nats: Tensor, weights: Tensor, batch: __torch__.batch.Batch, plan: __torch__.mixture.Plan, options: __torch__.objective.Options) -> Tensor:
  shares = torch.mul(nats, weights)
  if plan.by_example:
    losses = __torch__.batch.sums(shares, batch)
  else:
    losses = __torch__.batch.to_go(shares, batch)
  advantages = __torch__.policy.advantages(losses)
  if options.normalise:
    advantages = __torch__.policy.normalised(advantages, __torch__.objective.input_weights(nats, batch, plan, options))
  return torch.div(advantages, torch.size(nats, 0))


# Each input's share of the step, summing to its examples' share: [I]
def input_weights(like: Tensor, batch: __torch__.batch.Batch, plan: __torch__.mixture.Plan, options: __torch__.objective.Options) -> Tensor:
  zeros = torch.zeros([batch.examples], dtype=like.dtype, layout=None, device=like.device)
  weights = torch.div(torch.index_add(zeros, 0, batch.example, torch.to(batch.weights, like.dtype)), options.total)
  if not plan.by_example:
    lengths = torch.index_add(zeros, 0, batch.example, torch.ones_like(torch.to(batch.weights, like.dtype)))
    weights = torch.index_select(torch.div(weights, lengths), 0, batch.example)
  return weights


# What the sites give to differentiate, beside h, and with which weights: log Q, and the mean over all sites of what is added
def of_sites(trace: __torch__.mixture.Trace, reinforcement: Tensor, weights: Tensor, layers: int, plan: __torch__.mixture.Plan, options: __torch__.objective.Options) -> Tuple[List[Tensor], List[Optional[Tensor]]]:
  outputs = annotate(List[Tensor], [])
  gradients = annotate(List[Optional[Tensor]], [])
  sites = float(layers * plan.sites)
  for site in range(torch.len(trace.logits)):
    logits = trace.logits[site]
    if plan.kind == 1:
      _0 = torch.append(outputs, __torch__.policy.log_q(logits, trace.selections[site]))
      _1 = torch.append(gradients, reinforcement)
    if torch.ne(options.entropy, 0.) or torch.ne(options.uniform, 0.):
      added = __torch__.policy.regularizer(logits, weights, options.entropy, options.uniform)
      _2 = torch.append(outputs, torch.div(added, sites))
      _3 = torch.append(gradients, torch.ones_like(torch.detach(added)))
    if torch.ne(plan.balance, 0.):
      balance = __torch__.policy.balance(logits, trace.selections[site], plan.balance)
      _4 = torch.append(outputs, torch.mul(balance, torch.div(torch.sum(weights), sites)))
      _5 = torch.append(gradients, torch.ones_like(torch.detach(balance)))
  return (outputs, gradients)


# --- back through the layers -------------------------------------------------------------------------------------------

# Gradients as they are used: in their leaves' layout, because the fused update walks all its arrays in memory order and would
# silently move the wrong values by a transposed one; zeros for what a batch did not touch.
def plain(found: List[Optional[Tensor]], leaves: List[Tensor]) -> List[Tensor]:
  gradients = annotate(List[Tensor], [])
  for i in range(torch.len(leaves)):
    gradient = found[i]
    if gradient is None:
      _0 = torch.append(gradients, torch.zeros_like(torch.detach(leaves[i])))
    else:
      _1 = torch.append(gradients, torch.contiguous(unchecked_cast(Tensor, gradient)))
  return gradients


# All layers' inputs and the last output, without a graph if the parameters have none
def inputs_of_layers(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, rotations: Tensor, trace: __torch__.mixture.Trace) -> List[Tensor]:
  states = [__torch__.decoder.embed(batch.tokens, model)]
  for layer in range(model.shape.layers):
    _0 = torch.append(states, __torch__.layer.layer_for_loss(states[layer], layer, rotations, model, adapter, batch, trace))
  return states


# The parameters of one layer that are trained, in the order of `parameters`
def of_layer(layer: int, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter) -> List[Tensor]:
  plan = adapter.plan
  if plan.kind < 0:
    found = torch.add(torch.slice(model.matrices, 1 + 7 * layer, 8 + 7 * layer), torch.slice(model.vectors, model.shape.per_layer * layer, model.shape.per_layer * (layer + 1)))
  else:
    found = torch.slice(adapter.factors, plan.per_layer * layer, plan.per_layer * (layer + 1))
    if plan.kind > 0:
      found = torch.add(found, torch.slice(adapter.routers, plan.sites * layer, plan.sites * (layer + 1)))
  return found


# Each layer once more with a graph, from the last to the first.
#   g [M, P, D]: gradient with respect to the last states -> for each layer its parameters' gradients, the embedding's
def layer_by_layer(g: Tensor, states: List[Tensor], reinforcement: Tensor, weights: Tensor, model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, rotations: Tensor, options: __torch__.objective.Options) -> Tuple[List[List[Tensor]], Tensor]:
  found = annotate(List[List[Tensor]], [])
  everything = adapter.plan.kind < 0
  for back in range(model.shape.layers):
    layer = model.shape.layers - 1 - back
    input = torch.detach(states[layer])
    further = layer > 0 or everything
    if further:
      input = torch.requires_grad_(input, True)
    trace = __torch__.mixture.trace()
    out = __torch__.layer.layer_for_loss(input, layer, rotations, model, adapter, batch, trace)
    outputs, gradients = __torch__.objective.of_sites(trace, reinforcement, weights, model.shape.layers, adapter.plan, options)
    leaves = __torch__.objective.of_layer(layer, model, adapter)
    sources = torch.add(leaves, [input]) if further else leaves
    raw = torch.autograd.grad(torch.add([out], outputs), sources, torch.add(annotate(List[Optional[Tensor]], [g]), gradients), None, False, True)
    _0 = torch.append(found, __torch__.objective.plain(raw, leaves))
    if further:
      g = unchecked_cast(Tensor, raw[torch.len(leaves)])
  embedding = torch.zeros([1], dtype=g.dtype, layout=None, device=g.device)
  if everything:
    of_embedding = torch.autograd.grad([__torch__.decoder.embed(batch.tokens, model)], [model.matrices[0]], annotate(List[Optional[Tensor]], [g]))
    embedding = unchecked_cast(Tensor, of_embedding[0])
  return (found, embedding)


# Sorted into the order of the parameters: factors and routers; or, where everything is trained, matrices and vectors
def collected(by_layer: List[List[Tensor]], embedding: Tensor, of_head: List[Tensor], model: __torch__.decoder.Model, plan: __torch__.mixture.Plan) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  layers = torch.len(by_layer)
  if plan.kind < 0:
    split = 7
    _0 = torch.append(found, embedding)
  else:
    split = plan.per_layer
  for layer in range(layers):
    found = torch.add(found, torch.slice(by_layer[layers - 1 - layer], 0, split))
  if plan.kind < 0 and not model.shape.tied:
    _1 = torch.append(found, torch.zeros_like(of_head[1]))
  for layer in range(layers):
    found = torch.add(found, torch.slice(by_layer[layers - 1 - layer], split))
  if plan.kind < 0:
    _2 = torch.append(found, torch.zeros_like(of_head[0]))
  return found


# Adds the head's own gradients, where it is trained: of the final gain, and of the head, which may be the embedding
def with_head(gradients: List[Tensor], of_head: List[Tensor], model: __torch__.decoder.Model) -> List[Tensor]:
  if torch.len(of_head) > 0:
    last = torch.len(gradients) - 1
    head = 0 if model.shape.tied else 1 + 7 * model.shape.layers
    _0 = torch.add_(gradients[last], of_head[0])
    _1 = torch.add_(gradients[head], of_head[1])
  return gradients


# --- the whole ---------------------------------------------------------------------------------------------------------

# nats [M, S], the gradients of `parameters`, and what the sites did
class Result(NamedTuple):
  nats : Tensor
  gradients : List[Tensor]
  trace : __torch__.mixture.Trace


# The same adapter for some of the draws, with these parameters
def part(adapter: __torch__.mixture.Adapter, factors: List[Tensor], routers: List[Tensor], start: int, end: int) -> __torch__.mixture.Adapter:
  return __torch__.mixture.Adapter(adapter.plan, factors, routers, adapter.squares, torch.slice(adapter.noise, 0, start, end), adapter.keys, adapter.fixed)


# What is trained, in the order of the gradients
def parameters(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter) -> List[Tensor]:
  if adapter.plan.kind < 0:
    found = torch.add(model.matrices, model.vectors)
  elif adapter.plan.kind == 0:
    found = adapter.factors
  else:
    found = torch.add(adapter.factors, adapter.routers)
  return found


# Aliases which gradients can be taken of; the parameters themselves stay plain, to be changed in place
def leaves(parameters: List[Tensor]) -> List[Tensor]:
  aliases = annotate(List[Tensor], [])
  for parameter in parameters:
    _0 = torch.append(aliases, torch.requires_grad_(torch.detach(parameter), True))
  return aliases


def joined(a: __torch__.mixture.Trace, b: __torch__.mixture.Trace) -> __torch__.mixture.Trace:
  all = __torch__.mixture.trace()
  for site in range(torch.len(a.logits)):
    if site < torch.len(b.logits):
      _0 = torch.append(all.logits, torch.cat([a.logits[site], b.logits[site]]))
      _1 = torch.append(all.selections, torch.cat([a.selections[site], b.selections[site]]))
      _2 = torch.append(all.weights, torch.cat([a.weights[site], b.weights[site]]))
    else:
      _3 = torch.append(all.logits, a.logits[site])
      _4 = torch.append(all.selections, a.selections[site])
      _5 = torch.append(all.weights, a.weights[site])
  return all


# The gradient of the scalar. With options.first_draw the other draws run without a graph but for their routers': they serve the
# baseline and the routers only.
def gradient(model: __torch__.decoder.Model, adapter: __torch__.mixture.Adapter, batch: __torch__.batch.Batch, options: __torch__.objective.Options) -> __torch__.objective.Result:
  plan = adapter.plan
  everything = plan.kind < 0
  m = torch.size(adapter.noise, 0)
  alone = options.first_draw and plan.kind == 1
  chosen = 1 if alone else m
  routers = __torch__.objective.leaves(adapter.routers)
  factors = __torch__.objective.leaves(adapter.factors)
  learner = __torch__.objective.part(adapter, factors, routers, 0, chosen)
  trained = model
  if everything:
    trained = __torch__.decoder.Model(model.shape, model.tables, __torch__.objective.leaves(model.matrices), __torch__.objective.leaves(model.vectors))
  rotations = __torch__.decoder.rotations(batch.positions, model)
  trace = __torch__.mixture.trace()
  others = __torch__.mixture.trace()
  if options.recompute:
    states = __torch__.objective.inputs_of_layers(model, __torch__.objective.part(adapter, adapter.factors, adapter.routers, 0, chosen), batch, rotations, trace)
  else:
    states = __torch__.objective.inputs_of_layers(trained, learner, batch, rotations, trace)
  h = __torch__.objective.rows(states[model.shape.layers], batch)
  weights = __torch__.objective.row_weights(h, batch, options)
  of_head = annotate(List[Tensor], [])
  last = annotate(List[Tensor], [])
  if everything:
    last = [__torch__.decoder.final_gain(trained), __torch__.decoder.head(trained)]
  nats, gh, of_head = __torch__.loss.with_gradient(h, torch.div(weights, torch.size(h, 0)), batch, trained, last)
  if alone:
    rest = __torch__.objective.part(adapter, adapter.factors, routers, 1, m)
    more = __torch__.objective.inputs_of_layers(model, rest, batch, rotations, others)
    nats = torch.cat([nats, __torch__.loss.at_rows(__torch__.objective.rows(more[model.shape.layers], batch), batch, model)])
  of_inputs = weights
  coefficients = nats
  if plan.kind > 0:
    of_inputs = __torch__.objective.input_weights(nats, batch, plan, options)
  if plan.kind == 1:
    coefficients = __torch__.objective.reinforcement(nats, weights, batch, plan, options)
  mine = torch.slice(coefficients, 0, 0, chosen)
  if options.recompute:
    g = __torch__.objective.to_states(gh, states[model.shape.layers], batch)
    by_layer, embedding = __torch__.objective.layer_by_layer(g, states, mine, of_inputs, trained, learner, batch, rotations, options)
    gradients = __torch__.objective.collected(by_layer, embedding, of_head, model, plan)
  else:
    outputs, weighted = __torch__.objective.of_sites(trace, mine, of_inputs, model.shape.layers, plan, options)
    sources = __torch__.objective.parameters(trained, learner)
    raw = torch.autograd.grad(torch.add([h], outputs), sources, torch.add(annotate(List[Optional[Tensor]], [gh]), weighted), None, False, True)
    gradients = __torch__.objective.plain(raw, sources)
  if alone:
    outputs, weighted = __torch__.objective.of_sites(others, torch.slice(coefficients, 0, 1), of_inputs, model.shape.layers, plan, options)
    raw = torch.autograd.grad(outputs, routers, weighted, None, False, True)
    extra = __torch__.objective.plain(raw, routers)
    at = torch.len(factors)
    for i in range(torch.len(routers)):
      _0 = torch.add_(gradients[at + i], extra[i])
  return __torch__.objective.Result(nats, __torch__.objective.with_head(gradients, of_head, model), __torch__.objective.joined(trace, others))


# --- what is reported --------------------------------------------------------------------------------------------------

# The sum of each example's weighted nats: [M, S] -> [M, B] float64
def losses(nats: Tensor, batch: __torch__.batch.Batch) -> Tensor:
  weights = torch.index_select(batch.weights, 0, batch.rows)
  return __torch__.batch.sums(torch.mul(torch.to(nats, 7), torch.to(weights, 7)), batch)


# Figures and subsets of the sites, or one dummy number each
def balance(trace: __torch__.mixture.Trace, plan: __torch__.mixture.Plan) -> List[Tensor]:
  found = [torch.zeros([1]), torch.zeros([1])]
  if torch.len(trace.logits) > 0:
    logits = torch.flatten(torch.detach(torch.stack(trace.logits)), 1, 2)
    weights = torch.flatten(torch.detach(torch.stack(trace.weights)), 1, 2)
    selections = torch.flatten(torch.stack(trace.selections), 1, 2)
    found = [__torch__.policy.figures(logits, weights, plan.active), __torch__.policy.subsets(selections, plan.loras)]
  return found
