# The policy's functions one at a time, as Java calls them in tests.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def draw(self: __torch__.M, logits: Tensor, noise: Tensor, k: Tensor) -> Tensor:
    return __torch__.policy.draw(logits, noise, int(k))

  def top(self: __torch__.M, logits: Tensor, k: Tensor) -> Tensor:
    return __torch__.policy.top(logits, int(k))

  def gate(self: __torch__.M, logits: Tensor, selection: Tensor, omega: Tensor) -> Tensor:
    return __torch__.policy.gate(logits, selection, float(omega))

  # log Q [...] and the gradient [..., N] of its sum.
  def log_q(self: __torch__.M, logits: Tensor, selection: Tensor) -> Tuple[Tensor, Tensor]:
    leaf = torch.requires_grad_(torch.detach(logits), True)
    log_q = __torch__.policy.log_q(leaf, selection)
    gradient = unchecked_cast(Tensor, (torch.autograd.grad([torch.sum(log_q)], [leaf]))[0])
    return (torch.detach(log_q), gradient)

  def advantages(self: __torch__.M, losses: Tensor) -> Tensor:
    return __torch__.policy.advantages(losses)

  def rewards(self: __torch__.M, token_losses: Tensor, supervised: Tensor) -> Tuple[Tensor, Tensor]:
    shares = __torch__.policy.shares(token_losses, supervised)
    return (shares, __torch__.policy.reward_to_go(shares))

  # The surrogate's gradient with respect to the losses.
  def loss_gradient(self: __torch__.M, shares: Tensor, log_q: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
    leaf = torch.requires_grad_(torch.detach(shares), True)
    token = __torch__.policy.surrogate_token(leaf, log_q, weights)
    losses = torch.sum(leaf, [-1])
    sequence = __torch__.policy.surrogate_sequence(losses, torch.sum(log_q, [-1]), weights)
    by_token = unchecked_cast(Tensor, (torch.autograd.grad([token], [leaf]))[0])
    by_sequence = unchecked_cast(Tensor, (torch.autograd.grad([sequence], [leaf]))[0])
    return (by_token, by_sequence)

  def spread(self: __torch__.M, losses: Tensor, weights: Tensor) -> Tensor:
    return __torch__.policy.spread(losses, weights)

  def balance(self: __torch__.M, logits: Tensor, gate: Tensor, selection: Tensor, real: Tensor) -> Tuple[Tensor, Tensor]:
    k = torch.size(selection, -1)
    real = torch.gt(real, 0)
    return (__torch__.policy.figures(logits, gate, real, k), __torch__.policy.subsets(selection, real, torch.size(logits, -1)))
