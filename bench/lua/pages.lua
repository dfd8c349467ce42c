-- What wrk sends: pages in turn, of which each is timed if there is one connection; or one page.
-- Arguments: the file of pages, a line of name, session and path each (bench/casts.py), and
-- perhaps a name.

local ffi = require("ffi")
ffi.cdef([[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]])
local now = ffi.new("moment")

local function milliseconds()
  ffi.C.clock_gettime(1, now) -- CLOCK_MONOTONIC
  return tonumber(now.seconds) * 1e3 + tonumber(now.nanoseconds) / 1e6
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  pages, at, wrong, taken, timed = {}, 0, "", "", not args[2]
  for name, session, path in io.open(args[1]):read("*a"):gmatch("(%S+) (%S+) (%S+)\n") do
    if not args[2] or args[2] == name then
      table.insert(pages, { name = name, request = wrk.format("GET", path, { ["Cookie"] = "sessionid=" .. session .. "; csrftoken=" .. ("t"):rep(32) }) })
    end
  end
end

function request()
  at = at % #pages + 1
  asked = milliseconds()
  return pages[at].request
end

function response(status)
  local name = pages[at].name
  if timed then
    -- A string, since `done` can't read a thread's tables.
    taken = taken .. name .. " " .. milliseconds() - asked .. "\n"
  end
  if status ~= 200 then
    wrong = name .. " answered " .. status
  end
end

function done(summary)
  local medians, wrong = {}, ""
  for _, thread in ipairs(threads) do
    if thread:get("wrong") ~= "" then
      wrong = thread:get("wrong")
    end
    local times = {}
    for name, time in thread:get("taken"):gmatch("(%S+) (%S+)\n") do
      times[name] = times[name] or {}
      table.insert(times[name], tonumber(time))
    end
    for name, of in pairs(times) do
      table.sort(of)
      table.insert(medians, string.format('"%s": %f', name, of[math.ceil(#of / 2)]))
    end
  end
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  if lost > 0 then
    wrong = lost .. " requests were lost"
  end
  io.write(string.format(
    'wrk: {"requests": %d, "wrong": "%s", "medians": {%s}}\n',
    summary.requests, wrong, table.concat(medians, ", ")
  ))
end
