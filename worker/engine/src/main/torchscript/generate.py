# Greedy decoding: whole answers, every token of them, in one call.
#
#   tokens [B, P] int64   prompts of one length, so that nothing is padded and nothing masked
#   limits [2] int64      most new tokens, end of turn
#
# An answer that has ended goes on as ends of turn until the longest of its batch has ended.
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool


  # The model as it is: [B, most], ends of turn after an answer's own
  def plain(self: __torch__.M,
    tokens: Tensor,
    limits: Tensor,
    config: Tensor,
    tables: Tensor,
    matrices: List[Tensor],
    norms: List[Tensor]) -> Tensor:
    end = int(limits[1])
    most = __torch__.cache.bound(tokens, int(limits[0]), tables)
    room = torch.size(tokens, 1) + most
    keys = __torch__.cache.empty(tokens, room, matrices, config)
    values = __torch__.cache.empty(tokens, room, matrices, config)
    answer = torch.full([torch.size(tokens, 0), most], end, dtype=4, layout=None, device=tokens.device)
    ended = torch.zeros([torch.size(tokens, 0)], dtype=11, layout=None, device=tokens.device)
    input = tokens
    start = 0
    made = 0
    going = most > 0
    while going:
      h = __torch__.decoder.embed(input, matrices, norms)
      for layer in range(int(config[0])):
        h = __torch__.cache.attend(h, layer, start, keys[layer], values[layer], matrices, norms, tables, config)
        h = __torch__.decoder.feed_forward(h, layer, matrices, norms, config)
      next = torch.masked_fill(__torch__.cache.choose(h, matrices, norms, config), ended, end)
      ended = torch.logical_or(ended, torch.eq(next, end))
      _0 = torch.copy_(torch.select(answer, 1, made), next)
      made = made + 1
      start = start + torch.size(input, 1)
      input = torch.unsqueeze(next, 1)
      going = made < most and not bool(torch.all(ended))
    return answer
