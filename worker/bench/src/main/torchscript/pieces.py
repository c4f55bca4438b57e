# Pieces of a step by themselves, for benches.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  def nothing(self: __torch__.M,
    x: Tensor) -> Tensor:
    return x


  def nothing_of_many(self: __torch__.M,
    xs: List[Tensor]) -> Tensor:
    return xs[0]


  # The low-rank product of K of N LoRAs, all of them computed and masked: x [M, B*T, D], a [N*R, D], b [O, N*R],
  # selection [M, B, K]; the norms of the gradients
  def masked(self: __torch__.M,
    x: Tensor,
    a: Tensor,
    b: Tensor,
    selection: Tensor,
    loras: Tensor) -> Tensor:
    plan, batch = __torch__.lowrank.setting(x, a, selection, int(loras))
    empty = torch.zeros([torch.size(x, 0), batch.examples, int(loras)], dtype=6, layout=None, device=x.device)
    weights = torch.scatter(empty, -1, selection, plan.omega)
    leaves = [torch.requires_grad_(torch.detach(x), True), torch.requires_grad_(torch.detach(a), True), torch.requires_grad_(torch.detach(b), True)]
    y = __torch__.mixture.masked(leaves[0], leaves[1], leaves[2], weights, plan, batch)
    return __torch__.lowrank.norms(torch.autograd.grad([torch.sum(y)], leaves))


  # The same by multiplying the selected LoRAs only
  def gathered(self: __torch__.M,
    x: Tensor,
    a: Tensor,
    b: Tensor,
    selection: Tensor,
    loras: Tensor) -> Tensor:
    plan, batch = __torch__.lowrank.setting(x, a, selection, int(loras))
    leaves = [torch.requires_grad_(torch.detach(x), True), torch.requires_grad_(torch.detach(a), True), torch.requires_grad_(torch.detach(b), True)]
    y = __torch__.mixture.gathered(leaves[0], leaves[1], leaves[2], selection, plan, batch)
    return __torch__.lowrank.norms(torch.autograd.grad([torch.sum(y)], leaves))


  # Cross-entropy of h [S, D] through head [V, D], `chunk` rows at a time, and its gradient
  def loss_in_chunks(self: __torch__.M,
    h: Tensor,
    head: Tensor,
    labels: Tensor,
    chunk: Tensor) -> Tensor:
    states = torch.split(h, int(chunk), 0)
    targets = torch.split(labels, int(chunk), 0)
    gradients = annotate(List[Tensor], [])
    for i in range(torch.len(states)):
      x = torch.requires_grad_(torch.detach(states[i]), True)
      log_p = torch.log_softmax(torch.linear(x, head), -1)
      nats = torch.neg(torch.gather(log_p, -1, torch.unsqueeze(targets[i], -1)))
      found = torch.autograd.grad([torch.sum(nats)], [x])
      _0 = torch.append(gradients, unchecked_cast(Tensor, found[0]))
    return torch.cat(gradients)


  def update(self: __torch__.M,
    parameters: List[Tensor],
    gradients: List[Tensor],
    means: List[Tensor],
    squares: List[Tensor],
    rates: Tensor) -> Tensor:
    norm = __torch__.adamw.global_norm(gradients)
    __torch__.adamw.update(parameters, gradients, means, squares, rates)
    return norm
