# The two ingredients of a step's scalar, for central differences.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Nats of each row [M, S]; log Q of all sites together [M, I], or 0; what is added to the loss [], or 0
  def ingredients(self: __torch__.M,
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
    options: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    batch = __torch__.batch.of(tokens, labels, positions, example, weights, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, keys, annotate(List[Tensor], []))
    trace = __torch__.mixture.trace()
    h = __torch__.layer.states(model, adapter, batch, __torch__.layer.no_cache(), trace)
    nats = __torch__.loss.at_rows(__torch__.objective.rows(h, batch), batch, model)
    settings = __torch__.objective.options(options)
    log_q = torch.zeros([1], dtype=7)
    added = torch.zeros([], dtype=7)
    if adapter.plan.kind > 0:
      of_inputs = __torch__.objective.input_weights(nats, batch, adapter.plan, settings)
      outputs, _0 = __torch__.objective.of_sites(trace, nats, of_inputs, model.shape.layers, adapter.plan, settings)
      for output in outputs:
        if torch.dim(output) == 0:
          added = torch.add(added, output)
        else:
          log_q = torch.add(log_q, output)
    return (nats, log_q, added)
