# What a bench of the low-rank product needs around it: the plan of a mixture, and a batch of equally long examples.


#   x [M, B*T, D], a [N*R, D], selection [M, B, K]
def setting(x: Tensor, a: Tensor, selection: Tensor, loras: int) -> Tuple[__torch__.mixture.Plan, __torch__.batch.Batch]:
  examples = torch.size(selection, 1)
  length = torch.floordiv(torch.size(x, 1), examples)
  none = annotate(List[int], [])
  plan = __torch__.mixture.Plan(1, True, loras, torch.size(selection, 2), torch.floordiv(torch.size(a, 0), loras), 0.5, 1., True, False, False, False, 0., 0., 0, 0, none, none)
  example = torch.repeat_interleave(torch.arange(examples, dtype=4, layout=None, device=x.device), length)
  zeros = torch.zeros_like(example)
  batch = __torch__.batch.Batch(zeros, zeros, zeros, example, zeros, zeros, zeros, [examples], [length], examples, length)
  return (plan, batch)


# One number for each gradient, so that all of them are computed
def norms(gradients: List[Optional[Tensor]]) -> Tensor:
  found = annotate(List[Tensor], [])
  for gradient in gradients:
    _0 = torch.append(found, torch.norm(unchecked_cast(Tensor, gradient), 2))
  return torch.stack(found)
