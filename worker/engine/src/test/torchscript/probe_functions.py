def weighted_sum(x: Tensor,
    p: List[Tensor]) -> Tensor:
  y = torch.sum(x)
  for w in p:
    y = y + torch.sum(x * w * w)
  return y
