# What is done with gradients once they are there.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Adds gradients to others, in place; the sum may lie on another device.
  def add(self: __torch__.M,
    sums: List[Tensor],
    gradients: List[Tensor]) -> Tensor:
    for i in range(torch.len(sums)):
      _0 = torch.add_(sums[i], torch.to(gradients[i], sums[i].device))
    return torch.zeros([1])


  # The norm over all of them: [] float64
  def norm(self: __torch__.M,
    gradients: List[Tensor]) -> Tensor:
    return torch.to(__torch__.adamw.global_norm(gradients), 7)


  # Changes parameters and moments in place; rates as in adamw.update
  def update(self: __torch__.M,
    parameters: List[Tensor],
    gradients: List[Tensor],
    means: List[Tensor],
    squares: List[Tensor],
    rates: Tensor) -> Tensor:
    __torch__.adamw.update(parameters, gradients, means, squares, rates)
    return torch.zeros([1])


  # Copies values, in place; the source may lie on another device.
  def assign(self: __torch__.M,
    targets: List[Tensor],
    values: List[Tensor]) -> Tensor:
    for i in range(torch.len(targets)):
      _0 = torch.copy_(targets[i], values[i])
    return torch.zeros([1])
