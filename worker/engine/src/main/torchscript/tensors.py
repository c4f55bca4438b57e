# Copies of tensors in memory of the engine's own, where its alignment and its lifetime hold.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  def copy(self: __torch__.M,
    tensors: List[Tensor]) -> List[Tensor]:
    copies = annotate(List[Tensor], [])
    for tensor in tensors:
      _0 = torch.append(copies, torch.clone(torch.detach(tensor)))
    return copies


  # What bfloat16 keeps of each; Java can hold such an array, never read it.
  def bfloat16(self: __torch__.M,
    tensors: List[Tensor]) -> List[Tensor]:
    copies = annotate(List[Tensor], [])
    for tensor in tensors:
      _0 = torch.append(copies, torch.to(torch.detach(tensor), 15))
    return copies


  # The squared norm of each row, [O, D] -> [O] float32 (float64 stays)
  def row_squares(self: __torch__.M,
    matrices: List[Tensor]) -> List[Tensor]:
    found = annotate(List[Tensor], [])
    for matrix in matrices:
      wide = torch.detach(matrix) if torch.eq(matrix.dtype, 7) else torch.to(torch.detach(matrix), 6)
      _0 = torch.append(found, torch.sum(torch.square(wide), [1]))
    return found
