-- wrk: questions as Kamailio asks them, each from a random caller to a random number.
local token = os.getenv("BENCH_TOKEN") or ""
local headers = {
  ["Content-Type"] = "application/json",
  ["Authorization"] = "Bearer " .. token,
}
local body = '{"event":"sip-routing","node":"bench","source_ip":"127.0.0.10","source_port":5080,'
  .. '"transport":"udp","received_ip":"127.0.0.1","received_port":5070,"auth":0,'
  .. '"call_id":"%d-%d@127.0.0.10","request_uri":"sip:+39%010d@127.0.0.1:5070",'
  .. '"from_uri":"sip:+39040%07d@acme.example","from_tag":"%dSIPpTag001",'
  .. '"to_uri":"sip:+390612345678@127.0.0.1:5070","from_name":"\\"Alice\\""}'
local count = 0

function init()
  math.randomseed(20191111)
end

function request()
  count = count + 1
  local called, calling = math.random(2000000000, 9999999999), math.random(0, 9999999)
  return wrk.format("POST", "/kamailio/rtjson", headers,
    string.format(body, count, calling, called, calling, count))
end

local refused = 0
function response(status)
  if status ~= 200 then refused = refused + 1 end
end
