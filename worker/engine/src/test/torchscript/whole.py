# The next token without any cache: everything computed anew, by the functions that training uses.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # tokens [B, T] -> [B]
  def base(self: __torch__.M,
    tokens: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tensor:
    h = __torch__.decoder.states(tokens, matrices, norms, tables, config)
    return __torch__.greedy.choose(h, matrices, norms, config)


  def lora(self: __torch__.M,
    tokens: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor]) -> Tensor:
    h = __torch__.mixture.plain_states(tokens, 0, plan, factors, matrices, norms, tables, config)
    return __torch__.greedy.choose(h, matrices, norms, config)


  # prompts [B], noise zero: the most probable LoRAs
  def remix(self: __torch__.M,
    tokens: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    prompts: Tensor,
    noise: Tensor) -> Tensor:
    h, logits, selections, gates = __torch__.mixture.routed_states(tokens, prompts, noise, plan, factors, routers, matrices, norms, tables, config)
    return __torch__.greedy.choose(h, matrices, norms, config)
