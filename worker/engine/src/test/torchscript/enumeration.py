# The decoder with selections that the noise forces, for enumerating them.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Each example's weighted nats [B], and what the routers said [sites, I, N]
  def forced(self: __torch__.M,
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
    noise: Tensor) -> Tuple[Tensor, Tensor]:
    batch = __torch__.batch.of(tokens, labels, positions, example, weights, prompt, rows, groups)
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, noise, annotate(List[Tensor], []))
    trace = __torch__.mixture.trace()
    h = __torch__.layer.states(model, adapter, batch, __torch__.layer.no_cache(), trace)
    nats = __torch__.loss.at_rows(__torch__.objective.rows(h, batch), batch, model)
    return (torch.select(__torch__.objective.losses(nats, batch), 0, 0), torch.select(torch.stack(trace.logits), 1, 0))
