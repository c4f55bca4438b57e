# The decoder with selections that the noise forces, for enumerating them.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Sum of each row's token losses [B], and the routers' logits [L, B, N] or [L, B, T, N].
  def forced(self: __torch__.M,
      tokens: Tensor,
      targets: Tensor,
      config: Tensor,
      tables: Tensor,
      matrices: List[Tensor],
      norms: List[Tensor],
      plan: Tensor,
      factors: List[Tensor],
      routers: List[Tensor],
      prompts: Tensor,
      noise: Tensor) -> Tuple[Tensor, Tensor]:
    h, logits, _0, _1 = __torch__.mixture.routed_states(torch.slice(tokens, 1, 0, -1), prompts, noise, plan, factors, routers, matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    return (torch.sum(losses[0], [-1]), torch.stack(logits))
