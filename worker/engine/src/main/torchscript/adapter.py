# Training LoRAs beside a frozen decoder: forward, gradient, clipping and update as one call.
#
# Of a mixture the scalar is policy.surrogate_*: its gradient is the mean over the draws for the LoRAs, and REINFORCE leave-one-out
# for the routers. Clipping is for the LoRAs alone: a router's gradient is noise around a small mean, and Adam scales it.
#
# Letters and arguments as in mixture.py and decoder.py;
#   rates [5] float64: learning rate, weight decay, bound of the gradient's norm, step from 1, learning rate of the routers
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # Changes factors and their moments in place. Returns [2] float64: mean loss, norm of the gradient before clipping.
  def plain_step(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    rates: Tensor,
    factor_means: List[Tensor],
    factor_squares: List[Tensor]) -> Tensor:
    leaves = __torch__.adamw.leaves(factors)
    h = __torch__.mixture.plain_states(torch.slice(tokens, 1, 0, -1), __torch__.loss.first(targets), plan, leaves, matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    loss = torch.div(torch.sum(losses), torch.sum(torch.slice(targets, 1, 1)))
    raw = __torch__.adamw.gradients(loss, leaves)
    norm = __torch__.adamw.global_norm(raw)
    gradients = __torch__.adamw.clipped(raw, norm, float(rates[2]))
    __torch__.adamw.update(factors, gradients, factor_means, factor_squares, rates, rates[3])
    return torch.to(torch.stack([torch.detach(loss), norm]), 7)


  # Gradient of the mean loss: what tests hold against differences.
  def plain_gradient(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
    leaves = __torch__.adamw.leaves(factors)
    h = __torch__.mixture.plain_states(torch.slice(tokens, 1, 0, -1), __torch__.loss.first(targets), plan, leaves, matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    loss = torch.div(torch.sum(losses), torch.sum(torch.slice(targets, 1, 1)))
    return (torch.detach(loss), __torch__.adamw.gradients(loss, leaves))


  # Sum of each example's token losses: [B] float64
  def plain_evaluate(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor]) -> Tensor:
    h = __torch__.mixture.plain_states(torch.slice(tokens, 1, 0, -1), __torch__.loss.first(targets), plan, factors, matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    return torch.to(torch.sum(torch.flatten(losses, 0, 1), [-1]), 7)


  # Changes factors, routers and their moments in place. Returns
  #   [6] float64: mean loss, norm of the LoRAs' gradient before clipping, of the routers' gradient, and policy.spread
  #   [L, 5] float64: policy.figures; [U, K+2] int64: policy.subsets
  def routed_step(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    prompts: Tensor,
    noise: Tensor,
    rates: Tensor,
    factor_means: List[Tensor],
    factor_squares: List[Tensor],
    router_means: List[Tensor],
    router_squares: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    f = __torch__.adamw.leaves(factors)
    r = __torch__.adamw.leaves(routers)
    scalar, shares, log_q, figures, balance, subsets = __torch__.objective.routed(tokens, targets, prompts, noise, plan, f, r, matrices, norms, tables, config)
    raw = __torch__.adamw.gradients(scalar, torch.add(f, r))
    count = torch.len(factors)
    of_factors = torch.slice(raw, 0, count)
    of_routers = torch.slice(raw, count)
    norm = __torch__.adamw.global_norm(of_factors)
    gradients = __torch__.adamw.clipped(of_factors, norm, float(rates[2]))
    __torch__.adamw.update(factors, gradients, factor_means, factor_squares, rates, rates[3])
    plain = torch.stack([rates[4], torch.zeros_like(rates[4])])
    __torch__.adamw.update(routers, of_routers, router_means, router_squares, plain, rates[3])
    both = torch.to(torch.stack([norm, __torch__.adamw.global_norm(of_routers)]), 7)
    return (torch.cat([torch.slice(figures, 0, 0, 1), both, torch.slice(figures, 0, 1)]), balance, subsets)


  # The scalar's two ingredients and its gradient, factors first, then routers: what tests hold against differences.
  def routed_gradient(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    prompts: Tensor,
    noise: Tensor) -> Tuple[Tensor, Tensor, List[Tensor]]:
    f = __torch__.adamw.leaves(factors)
    r = __torch__.adamw.leaves(routers)
    scalar, shares, log_q, figures, balance, subsets = __torch__.objective.routed(tokens, targets, prompts, noise, plan, f, r, matrices, norms, tables, config)
    return (shares, log_q, __torch__.adamw.gradients(scalar, torch.add(f, r)))


  # One draw: the sum of each example's token losses [B] float64, and the subsets that were selected, policy.subsets
  def routed_evaluate(self: __torch__.M,
    tokens: Tensor,
    targets: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor],
    plan: Tensor,
    factors: List[Tensor],
    routers: List[Tensor],
    prompts: Tensor,
    noise: Tensor) -> Tuple[Tensor, Tensor]:
    h, logits, selections, gates = __torch__.mixture.routed_states(torch.slice(tokens, 1, 0, -1), prompts, noise, plan, factors, routers, matrices, norms, tables, config)
    losses = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
    subsets = __torch__.policy.subsets(__torch__.mixture.table(selections), __torch__.mixture.real(targets, 1, plan), int(plan[1]))
    return (torch.to(torch.sum(torch.flatten(losses, 0, 1), [-1]), 7), subsets)
