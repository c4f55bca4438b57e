# Training every weight of the decoder: forward, gradient, clipping and update as one call.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Changes matrices, norms and their moments in place.
  #   rates [4] float64: learning rate, weight decay of matrices, bound of the gradient's norm, step from 1
  # Returns [2] float64: mean loss, norm of the gradient before clipping.
  def step(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    rates: Tensor,
    matrix_means: List[Tensor],
    matrix_squares: List[Tensor],
    norm_means: List[Tensor],
    norm_squares: List[Tensor]) -> Tensor:
    w = __torch__.adamw.leaves(matrices)
    g = __torch__.adamw.leaves(norms)
    h = __torch__.decoder.states(torch.slice(tokens, 1, 0, -1), w, g, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, w, g, config)
    loss = torch.div(torch.sum(losses), torch.sum(torch.slice(targets, 1, 1)))
    raw = __torch__.adamw.gradients(loss, torch.add(w, g))
    norm = __torch__.adamw.global_norm(raw)
    gradients = __torch__.adamw.clipped(raw, norm, float(rates[2]))
    count = torch.len(matrices)
    __torch__.adamw.update(matrices, torch.slice(gradients, 0, count), matrix_means, matrix_squares, rates, rates[3])
    plain = torch.stack([rates[0], torch.zeros_like(rates[0])])
    __torch__.adamw.update(norms, torch.slice(gradients, count), norm_means, norm_squares, plain, rates[3])
    return torch.to(torch.stack([torch.detach(loss), norm]), 7)


  # Gradient of the mean loss, matrices first: what tests hold against differences.
  def gradient(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
    w = __torch__.adamw.leaves(matrices)
    g = __torch__.adamw.leaves(norms)
    h = __torch__.decoder.states(torch.slice(tokens, 1, 0, -1), w, g, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, w, g, config)
    loss = torch.div(torch.sum(losses), torch.sum(torch.slice(targets, 1, 1)))
    return (torch.detach(loss), __torch__.adamw.gradients(loss, torch.add(w, g)))


  # Sum of each example's token losses: [B]
  def evaluate(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tensor:
    h = __torch__.decoder.states(torch.slice(tokens, 1, 0, -1), matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    return torch.to(torch.sum(torch.view(losses, [torch.size(tokens, 0), -1]), [-1]), 7)
