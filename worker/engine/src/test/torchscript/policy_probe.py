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

  def soft(self: __torch__.M, logits: Tensor, selection: Tensor) -> Tensor:
    return __torch__.policy.soft(logits, selection)

  # log Q [...] and the gradient [..., N] of its sum.
  def log_q(self: __torch__.M, logits: Tensor, selection: Tensor) -> Tuple[Tensor, Tensor]:
    leaf = torch.requires_grad_(torch.detach(logits), True)
    log_q = __torch__.policy.log_q(leaf, selection)
    gradient = unchecked_cast(Tensor, (torch.autograd.grad([torch.sum(log_q)], [leaf]))[0])
    return (torch.detach(log_q), gradient)

  def advantages(self: __torch__.M, losses: Tensor) -> Tensor:
    return __torch__.policy.advantages(losses)

  # What each example, and each position, answers for: nats [M, S] of the rows of examples whose lengths these are
  def rewards(self: __torch__.M, nats: Tensor, rows: Tensor, positions: Tensor, example: Tensor, groups: Tensor) -> Tuple[Tensor, Tensor]:
    ones = torch.ones([torch.size(example, 0)])
    batch = __torch__.batch.of(example, example, positions, example, ones, ones, rows, groups)
    return (__torch__.batch.sums(nats, batch), __torch__.batch.to_go(nats, batch))

  def balance(self: __torch__.M, logits: Tensor, gate: Tensor, selection: Tensor) -> Tuple[Tensor, Tensor]:
    k = torch.size(selection, -1)
    return (__torch__.policy.figures(logits, gate, k), __torch__.policy.subsets(selection, torch.size(logits, -1)))
