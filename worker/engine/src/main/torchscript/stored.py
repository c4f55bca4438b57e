# Tensors as their bytes lie in a file, turned into the engine's own.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # blocks: the bytes in turn, uint8 [.], none of which ends within a value; plan int64: the type that they are, the type that they
  # become, then the shape. Where the type stays and there is one block, a single copy is made.
  def array(self: __torch__.M,
    blocks: List[Tensor],
    plan: Tensor) -> Tensor:
    shape = annotate(List[int], [])
    for i in range(torch.size(plan, 0) - 2):
      _0 = torch.append(shape, int(plan[i + 2]))
    values = annotate(List[Tensor], [])
    for block in blocks:
      _1 = torch.append(values, torch.view_copy(block, dtype=int(plan[0])))
    whole = torch.cat(values) if torch.gt(torch.len(values), 1) else values[0]
    return torch.to(torch.reshape(whole, shape), int(plan[1]))
