-- What wrk sends: saves of many candidates in turn, each a new text with the next sequence number.
-- Arguments: the file of places (bench/sitters.py), and the first sequence number.

local threads = 0 -- two at most: each has every second place

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  places, at, sequence = {}, 0, tonumber(args[2])
  local line = 0
  for session, interview in io.open(args[1]):read("*a"):gmatch("(%S+) (%S+)\n") do
    if line % 2 == number then
      table.insert(places, { session = session, interview = interview })
    end
    line = line + 1
  end
  text = string.rep("The kubelet restarts the container when its probe fails. ", 20)
end

function request()
  at = at + 1
  if at > #places then
    at, sequence = 1, sequence + 1
  end
  local place = places[at]
  return wrk.format("POST", "/interviews/" .. place.interview .. "/answers/1/save/", {
    ["Cookie"] = "sessionid=" .. place.session .. "; csrftoken=" .. string.rep("t", 32),
    ["X-CSRFToken"] = string.rep("t", 32),
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json",
  }, '{"text":"' .. text .. sequence .. '","base":0,"writer":"01234567-89ab-4def-8123-456789abcdef","sequence":' .. sequence .. "}")
end

function done(summary, latency)
  io.write(string.format(
    'wrk: {"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
