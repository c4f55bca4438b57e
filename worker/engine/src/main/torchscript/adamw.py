# AdamW with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101), fused, and clipping by the global norm.


# The norm over all tensors of a list: []
def global_norm(gradients: List[Tensor]) -> Tensor:
  return torch.norm(torch.stack(torch._foreach_norm(gradients, 2)), 2)


# One step, in place; the lists have to be arguments of the method that Java called, or the changes are lost.
#   rates, on the CPU, [4] float64: learning rate, weight decay, what the gradient is multiplied by first, step from 1
def update(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], rates: Tensor) -> NoneType:
  steps = annotate(List[Tensor], [])
  for parameter in parameters:
    _0 = torch.append(steps, torch.full([], float(rates[3]), dtype=6, layout=None, device=parameter.device))
  scaled = gradients
  if float(rates[2]) < 1.:
    scaled = torch._foreach_mul(gradients, float(rates[2]))
  torch._fused_adamw_(parameters, scaled, means, squares, annotate(List[Tensor], []), steps, lr=float(rates[0]), beta1=0.9, beta2=0.999, weight_decay=float(rates[1]), eps=1e-8, amsgrad=False, maximize=False)
  return None
