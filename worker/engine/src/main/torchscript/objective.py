# What a routed training step differentiates, with the figures it reports.


# Returns the scalar of policy.surrogate_*, its two ingredients (each token's share of its example's loss [M, B, T], and log Q
# [M, B] or [M, B, T]), [4] float64 (mean loss over draws and tokens, policy.spread), policy.figures and policy.subsets.
def routed(tokens: Tensor, targets: Tensor, prompts: Tensor, noise: Tensor, plan: Tensor, factors: List[Tensor], routers: List[Tensor], matrices: List[Tensor], norms: List[Tensor], tables: Tensor, config: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
  m = torch.size(noise, 0)
  h, logits, selections, gates = __torch__.mixture.routed_states(torch.slice(tokens, 1, 0, -1), prompts, noise, plan, factors, routers, matrices, norms, tables, config)
  nats = __torch__.loss.token_losses(h, tokens, targets, matrices, norms, config)
  shares = __torch__.policy.shares(nats, torch.slice(targets, 1, 1))
  weights = __torch__.loss.weights(targets, nats)
  losses = torch.sum(shares, [-1])
  log_q = __torch__.mixture.log_q(logits, selections, m)
  if torch.eq(int(plan[0]), 1):
    scalar = __torch__.policy.surrogate_sequence(losses, log_q, weights)
  else:
    scalar = __torch__.policy.surrogate_token(shares, log_q, weights)
  mean = torch.sum(torch.mul(torch.mean(torch.detach(losses), [0]), weights))
  figures = torch.cat([torch.unsqueeze(mean, 0), __torch__.policy.spread(losses, weights)])
  real = __torch__.mixture.real(targets, m, plan)
  balance = __torch__.policy.figures(__torch__.mixture.table(logits), __torch__.mixture.table(gates), real, int(plan[2]))
  subsets = __torch__.policy.subsets(__torch__.mixture.table(selections), real, int(plan[1]))
  return (scalar, torch.detach(shares), torch.detach(log_q), torch.to(figures, 7), balance, subsets)
