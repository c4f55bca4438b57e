# What a run asks of a model with its adapter, whatever its kind: the gradient of a step's scalar, and losses without one.
#
# Arguments as in batch.py, decoder.py and mixture.py. What a kind has no use for is given as one dummy number.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Changes nothing. Returns losses [M, B] float64: the sum of each example's weighted nats; policy.figures [sites, 5] and
  # policy.subsets [U, K+2] of the routed kinds, else one dummy number each; then the gradients, in the order of
  # objective.parameters.
  def gradient(self: __torch__.M,
    tokens: Tensor,
    labels: Tensor,
    positions: Tensor,
    example: Tensor,
    weights: Tensor,
    prompt: Tensor,
    rows: Tensor,
    groups: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor,
    keys: Tensor,
    options: Tensor) -> List[Tensor]:
    batch = __torch__.batch.of(tokens, labels, positions, example, weights, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, keys, annotate(List[Tensor], []))
    result = __torch__.objective.gradient(model, adapter, batch, __torch__.objective.options(options))
    reported = torch.add([__torch__.objective.losses(result.nats, batch)], __torch__.objective.balance(result.trace, adapter.plan))
    return torch.add(reported, result.gradients)


  # One draw without a gradient: losses [1, B] float64, figures and subsets as above.
  def evaluate(self: __torch__.M,
    tokens: Tensor,
    labels: Tensor,
    positions: Tensor,
    example: Tensor,
    weights: Tensor,
    prompt: Tensor,
    rows: Tensor,
    groups: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor) -> List[Tensor]:
    batch = __torch__.batch.of(tokens, labels, positions, example, weights, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, noise, annotate(List[Tensor], []))
    trace = __torch__.mixture.trace()
    h = __torch__.layer.states(model, adapter, batch, __torch__.layer.no_cache(), trace)
    nats = __torch__.loss.at_rows(__torch__.objective.rows(h, batch), batch, model)
    return torch.add([__torch__.objective.losses(nats, batch)], __torch__.objective.balance(trace, adapter.plan))


  # Logits of every position, without the adapter's dropout: [P, V] float32
  def logits(self: __torch__.M,
    tokens: Tensor,
    labels: Tensor,
    positions: Tensor,
    example: Tensor,
    weights: Tensor,
    prompt: Tensor,
    rows: Tensor,
    groups: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor) -> Tensor:
    batch = __torch__.batch.of(tokens, labels, positions, example, weights, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, noise, annotate(List[Tensor], []))
    h = __torch__.layer.states(model, adapter, batch, __torch__.layer.no_cache(), __torch__.mixture.trace())
    return torch.to(__torch__.decoder.logits(torch.select(h, 0, 0), model), 6)
