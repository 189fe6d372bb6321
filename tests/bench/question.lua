-- wrk: questions as Kamailio asks them, each from a random caller of a random tenant to a random
-- number. With BENCH_TENANTS=0 the caller is the demo's.
local token = os.getenv("BENCH_TOKEN") or ""
local pause = tonumber(os.getenv("BENCH_DELAY_MS") or "0")
local tenants = tonumber(os.getenv("BENCH_TENANTS") or "0")
local headers = {
  ["Content-Type"] = "application/json",
  ["Authorization"] = "Bearer " .. token,
}
local body = '{"event":"sip-routing","node":"bench","source_ip":"%s","source_port":5080,'
  .. '"transport":"udp","received_ip":"127.0.0.1","received_port":5070,"auth":0,'
  .. '"call_id":"%d-%d@127.0.0.10","request_uri":"sip:+%s@127.0.0.1:5070",'
  .. '"from_uri":"sip:+39040%07d@acme.example","from_tag":"%dSIPpTag001",'
  .. '"to_uri":"sip:+390612345678@127.0.0.1:5070","from_name":"\\"Alice\\""}'
local count = 0

if pause > 0 then
  function delay() return pause end
end

function init()
  math.randomseed(20191111)
end

local function source()
  if tenants == 0 then return "127.0.0.10" end
  -- 10.0.0.1 is the first tenant's.
  local place = math.random(1, tenants)
  return string.format("10.%d.%d.%d", place / 65536, place / 256 % 256, place % 256)
end

function request()
  count = count + 1
  local called = string.format("39%010d", math.random(2000000000, 9999999999))
  if tenants > 0 then called = string.format("%d%09d", math.random(20, 98), math.random(0, 999999999)) end
  local calling = math.random(0, 9999999)
  return wrk.format("POST", "/kamailio/rtjson", headers,
    string.format(body, source(), count, calling, called, calling, count))
end
