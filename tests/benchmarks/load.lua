-- wrk's script. Arguments: the method, the body ("" for none), and the Cookie headers
-- of the visitors, who take turns. The result is printed as one line of JSON.
function init(args)
  wrk.method = args[1]
  if args[2] ~= "" then
    wrk.body = args[2]
  end
  if #args > 2 then
    local requests, turn = {}, 0
    for number = 3, #args do
      wrk.headers["Cookie"] = args[number]
      table.insert(requests, wrk.format())
    end
    request = function()
      turn = turn % #requests + 1
      return requests[turn]
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
