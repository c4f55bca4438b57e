# What the model says at every position of a batch, by the functions that training uses.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # -> [P, V]
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
    fixed = annotate(List[Tensor], [])
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, positions, fixed)
    h = __torch__.layer.states(model, adapter, batch, __torch__.layer.no_cache(), __torch__.mixture.trace())
    return __torch__.decoder.logits(torch.squeeze(h, 0), model)
