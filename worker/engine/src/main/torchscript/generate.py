# Whole answers, every token of them, in one call; greedy.py has the text.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # The model as it is
  def base(self: __torch__.M,
    tokens: Tensor,
    limits: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tensor:
    none = annotate(List[Tensor], [])
    plan = torch.full([9], -1., dtype=7, layout=None, device=tokens.device)
    return __torch__.greedy.answers(tokens, limits, plan, none, none, matrices, norms, tables, config)


  # With one LoRA that is always on
  def lora(self: __torch__.M,
    tokens: Tensor,
    limits: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor]) -> Tensor:
    none = annotate(List[Tensor], [])
    return __torch__.greedy.answers(tokens, limits, plan, factors, none, matrices, norms, tables, config)


  # With the K LoRAs of each site that its router finds most probable
  def remix(self: __torch__.M,
    tokens: Tensor,
    limits: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor]) -> Tensor:
    return __torch__.greedy.answers(tokens, limits, plan, factors, routers, matrices, norms, tables, config)
