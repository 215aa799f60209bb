import { createScript } from './redis-client.ts';

/**
 * Deletes what every group has handled: all before the smallest entry that any group has pending, or has not been
 * given yet.
 */
const trim = `
local function before(left, right)
  local leftMs, leftSeq = string.match(left, '^(%d+)-(%d+)$')
  local rightMs, rightSeq = string.match(right, '^(%d+)-(%d+)$')
  if tonumber(leftMs) ~= tonumber(rightMs) then return tonumber(leftMs) < tonumber(rightMs) end
  return tonumber(leftSeq) < tonumber(rightSeq)
end
local function trim(stream)
  local least
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = {}
    for index = 1, #group, 2 do info[group[index]] = group[index + 1] end
    local first
    if info['pending'] > 0 then
      first = redis.call('XPENDING', stream, info['name'])[2]
    else
      local ms, seq = string.match(info['last-delivered-id'], '^(%d+)-(%d+)$')
      first = ms .. '-' .. string.format('%.0f', tonumber(seq) + 1)
    end
    if not least or before(first, least) then least = first end
  end
  if least then return redis.call('XTRIM', stream, 'MINID', least) end
  return 0
end
`;

/** KEYS: streams. */
export const trimStreams = createScript(`${trim}
for _, stream in ipairs(KEYS) do
  if redis.call('EXISTS', stream) == 1 then trim(stream) end
end
return 1
`);

/**
 * Appends messages, in their order. KEYS: for each stream itself and where the publisher's number of it is kept. ARGV:
 * the most entries of a stream, seconds for which a publisher is remembered, then for each message: which of the
 * streams, the number of the publisher's message before it or '', its own number, the channel of its copy or '', the
 * envelope. Returns for each: 'stored' (now, or already), 'full', 'gone' (there is no stream), or 'gap': the one
 * before it was not stored, so it is not either, or the order would be lost.
 */
export const publish = createScript(`${trim}
local most, ttl = tonumber(ARGV[1]), ARGV[2]
local results = {}
for index = 3, #ARGV, 5 do
  local stream, from = KEYS[2 * ARGV[index] - 1], KEYS[2 * ARGV[index]]
  local before, own, channel, envelope = ARGV[index + 1], ARGV[index + 2], ARGV[index + 3], ARGV[index + 4]
  local last = redis.call('GET', from)
  local result = 'stored'
  if not (last and tonumber(own) <= tonumber(last)) then
    local length = redis.call('XLEN', stream)
    if length >= most then
      trim(stream)
      length = redis.call('XLEN', stream)
    end
    if length >= most then result = 'full'
    elseif length == 0 and redis.call('EXISTS', stream) == 0 then result = 'gone'
    elseif before ~= '' and before ~= last then result = 'gap'
    else
      redis.call('XADD', stream, '*', 'envelope', envelope)
      redis.call('SET', from, own, 'EX', ttl)
      if channel ~= '' then redis.call('PUBLISH', channel, envelope) end
    end
  end
  table.insert(results, result)
end
return results
`);

/** KEYS: stream. ARGV: group, consumer. Takes out the other consumers that have nothing pending: of processes that are gone. */
export const forgetConsumers = createScript(`
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local info = {}
  for index = 1, #consumer, 2 do info[consumer[index]] = consumer[index + 1] end
  if info['name'] ~= ARGV[2] and info['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info['name'])
  end
end
return 1
`);

/** KEYS: the hash. ARGV: the revision that must be there or '', value, the new revision. */
export const compareAndSet = createScript(`
if (redis.call('HGET', KEYS[1], 'revision') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'revision', ARGV[3])
return 1
`);

/**
 * Brings a question to one who answers. KEYS: the set of channels. ARGV: any number to begin with, the question, the
 * channel of its copy or '', the copy. Returns 0 when nobody has it.
 */
export const ask = createScript(`
local channels = redis.call('SMEMBERS', KEYS[1])
for index = 1, #channels do
  local channel = channels[(tonumber(ARGV[1]) + index) % #channels + 1]
  if redis.call('PUBLISH', channel, ARGV[2]) > 0 then
    if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
    return 1
  end
  redis.call('SREM', KEYS[1], channel)
end
return 0
`);

/** KEYS: the set of channels. ARGV: the channel, '1' when nobody else answers at this address. */
export const register = createScript(`
if ARGV[2] == '1' and redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then redis.call('DEL', KEYS[1]) end
return redis.call('SADD', KEYS[1], ARGV[1])
`);
