# Whole answers, every token of them, in one call; greedy.py has the text.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  def greedy(self: __torch__.M,
    tokens: Tensor,
    limits: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    vectors: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    squares: List[Tensor],
    noise: Tensor) -> Tensor:
    model = __torch__.decoder.model(config, tables, matrices, vectors)
    adapter = __torch__.mixture.Adapter(__torch__.mixture.plan(plan), factors, routers, squares, noise, noise, annotate(List[Tensor], []))
    return __torch__.greedy.answers(tokens, limits, model, adapter)
