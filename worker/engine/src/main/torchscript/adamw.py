# AdamW with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101), fused, and clipping by the global norm.


# Gradients of a scalar, with respect to leaves that it depends on. In the leaves' own layout: the fused update walks all its
# arrays in memory order, and a transposed gradient would silently move the wrong values.
def gradients(scalar: Tensor, leaves: List[Tensor]) -> List[Tensor]:
  found = torch.autograd.grad([scalar], leaves)
  plain = annotate(List[Tensor], [])
  for gradient in found:
    _0 = torch.append(plain, torch.contiguous(unchecked_cast(Tensor, gradient)))
  return plain


# Aliases of the parameters which gradients can be taken of; the parameters themselves stay plain, to be changed in place
def leaves(parameters: List[Tensor]) -> List[Tensor]:
  aliases = annotate(List[Tensor], [])
  for parameter in parameters:
    _0 = torch.append(aliases, torch.requires_grad_(torch.detach(parameter), True))
  return aliases


# The norm over all tensors of a list: []
def global_norm(gradients: List[Tensor]) -> Tensor:
  return torch.norm(torch.stack(torch._foreach_norm(gradients, 2)), 2)


# Scaled down where the norm exceeds the bound, as they are where it does not
def clipped(gradients: List[Tensor], norm: Tensor, bound: float) -> List[Tensor]:
  scale = torch.clamp_max(torch.div(bound, torch.add(norm, 1e-6)), 1.)
  return torch._foreach_mul(gradients, scale)


# One step, in place; the lists have to be arguments of the method that Java called, or the changes are lost.
#   rates [2] float64: learning rate, weight decay; step [] from 1
def update(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], rates: Tensor, step: Tensor) -> NoneType:
  steps = annotate(List[Tensor], [])
  for parameter in parameters:
    _0 = torch.append(steps, torch.to(step, dtype=6, layout=None, device=parameter.device))
  torch._fused_adamw_(parameters, gradients, means, squares, annotate(List[Tensor], []), steps, lr=float(rates[0]), beta1=0.9, beta2=0.999, weight_decay=float(rates[1]), eps=1e-8, amsgrad=False, maximize=False)
  return None
