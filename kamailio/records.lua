-- Appends records of calls to the files of this node.
--
-- Each is "\n" + JSON + "\n" in one write(2) with O_APPEND: lines of several processes never mix,
-- and one that was cut by a full disk or a crash does not swallow the next. The file is opened for
-- each record: so it is the right one when the hour changes, and when it was taken away.

local last_complaint = 0

-- What cannot be written stands in the log instead, each record whole and in a line of its own, from
-- which it can be brought back.
local function complain(problem, json)
	KSR.pv.get("$shtinc(records=>failed)")
	if json then
		KSR.err("a record of a call that is in no file: " .. json .. "\n")
	end
	-- On a full disk each call fails: one line a second says why.
	local now = os.time()
	if now ~= last_complaint then
		last_complaint = now
		KSR.err("a record of a call is lost: " .. problem .. "\n")
	end
end

-- Appends $var(record) to this hour's file under the folder.
function append_record(folder)
	local json = KSR.pv.get("$var(record)")
	if not json or json == "" then
		return complain("it could not be made")
	end
	local path = folder .. os.date("!/calls-%Y%m%dT%H.jsonl")
	local file, problem = io.open(path, "a")
	if not file then
		return complain(problem, json)
	end
	-- Unbuffered, so that it is one write.
	file:setvbuf("no")
	local written
	written, problem = file:write("\n" .. json .. "\n")
	file:close()
	if not written then
		complain(path .. ": " .. problem, json)
	end
end

-- What 250 calls a second write in the time that is remembered, of 2 kB each.
local TAIL_BYTES = 67108864
-- Who repeats a request does so for 32 s (RFC 3261 section 17.1.2.2); a dialog that is over is kept
-- for a few seconds.
local REMEMBERED_S = 120

local function remember(line)
	KSR.pv.sets("$var(record)", line)
	for _, field in ipairs({ "call_id", "from_tag", "started" }) do
		KSR.jansson.get(field, line, "$var(ended_" .. field .. ")")
	end
	KSR.pv.sets(
		"$var(ended)",
		table.concat({
			KSR.pv.get("$var(ended_call_id)"),
			KSR.pv.get("$var(ended_from_tag)"),
			KSR.pv.get("$var(ended_started)"),
		}, ";")
	)
	KSR.pv.seti("$sht(ended=>$var(ended))", 1)
end

-- Whether a line is an end of late. No text of a party's looks like this: its quotes are escaped.
-- Of all others no JSON is read: that would take longer than all the rest.
local function is_late_end(line, since)
	return line:find('"kind": ?"end"')
		and (tonumber(line:match('"at": ?"(%d+)%.')) or 0) >= since
		and line:sub(1, 1) == "{"
		and line:sub(-1) == "}"
end

-- When Kamailio starts: puts the calls that have ended lately into the table of those.
function remember_ended(folder)
	local since = os.time() - REMEMBERED_S
	for _, hour in ipairs({ os.time() - 3600, os.time() }) do
		local file = io.open(folder .. os.date("!/calls-%Y%m%dT%H.jsonl", hour), "r")
		if file then
			file:seek("set", math.max(0, file:seek("end") - TAIL_BYTES))
			for line in file:lines() do
				if is_late_end(line, since) then
					remember(line)
				end
			end
			file:close()
		end
	end
end
