# Matrix products and nothing else: what the machine can do at most.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # x [rows, inputs], w [outputs, inputs]: the same product again and again
  def products(self: __torch__.M,
    x: Tensor,
    w: Tensor,
    times: Tensor) -> Tensor:
    y = torch.linear(x, w)
    for i in range(int(times) - 1):
      y = torch.linear(x, w)
    return y


  def bfloat16(self: __torch__.M,
    x: Tensor) -> Tensor:
    return torch.to(x, 15)
