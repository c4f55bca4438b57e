# The next token without any cache: everything computed anew.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # tokens [B, T] -> [B]
  def plain(self: __torch__.M,
    tokens: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tensor:
    h = __torch__.decoder.states(tokens, matrices, norms, tables, config)
    last = torch.select(h, 1, -1)
    return torch.argmax(__torch__.decoder.logits(last, matrices, norms, config), -1, False)
