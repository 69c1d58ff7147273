-- Which questions may be shown outside a round: none that is open in the team or comes soon.
-- ARGV: id and prompt hash of each question, an argument each with a space between
-- Result: list of ids, in the order given.
local found = {}
for _, candidate in ipairs(ARGV) do
  local question, prompt_hash = candidate:match('^(%S+) (%S+)$')
  if not is_kept_back(prompt_hash, question) then found[#found + 1] = question end
end
return found
