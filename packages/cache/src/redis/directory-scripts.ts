import { createScript } from './redis-link.ts';

/*
 * The connection directory in Redis. Three hashes and a counter:
 *   connections  networkId → "<epoch> <since ms> <leaseUntil ms> <incarnation> <JSON of the rest>"
 *   leases       incarnation → "<from ms> <until ms>"
 *   nodes        node → incarnation
 *   epoch        the highest that was ever given
 * A connection counts while its own lease runs, or while the lease of its incarnation does, if that was begun before
 * its own ended. So a renewal is one write, however many connections a node has. An incarnation is one unbroken time
 * of one process: what it put there before its directory was in doubt does not live on by its renewals.
 * Numbers stay below 2^53, which Lua keeps exactly; they are written with %.0f, since Lua would round them.
 */

/** ARGV[1]: milliseconds since 1970, or '' for the clock of Redis, which is the same for all nodes. */
const clock = `
local micros
if ARGV[1] == '' then
  local time = redis.call('TIME')
  micros = time[1] * 1000000 + time[2]
else
  micros = tonumber(ARGV[1]) * 1000
end
local now = math.floor(micros / 1000)
local function int(number) return string.format('%.0f', number) end
local function parse(value)
  local epoch, since, leaseUntil, incarnation = string.match(value, '^(%d+) (%d+) (%d+) (%S+) ')
  return tonumber(epoch), tonumber(since), tonumber(leaseUntil), incarnation
end
`;

/** The lease of an entry as it counts; nil when it ran out. KEYS[2] has the leases. */
const leaseOf = `
local function leaseOf(value)
  local _, _, own, incarnation = parse(value)
  local lease = redis.call('HGET', KEYS[2], incarnation)
  if lease then
    local from, ends = string.match(lease, '^(%d+) (%d+)$')
    from, ends = tonumber(from), tonumber(ends)
    if ends > now and from < own and ends > own then return ends end
  end
  if own > now then return own end
  return nil
end
`;

/** KEYS: connections, leases, epoch. ARGV: now, networkId, incarnation, lease in ms, JSON, the highest epoch that the client has seen. */
export const claim = createScript(`${clock}${leaseOf}
local old = redis.call('HGET', KEYS[1], ARGV[2])
local highest = math.max(tonumber(redis.call('GET', KEYS[3]) or '0'), tonumber(ARGV[6]))
local oldLease
if old then
  highest = math.max(highest, (parse(old)))
  oldLease = leaseOf(old)
end
local epoch = math.max(highest + 1, math.floor(micros))
local value = int(epoch) .. ' ' .. int(now) .. ' ' .. int(now + tonumber(ARGV[4])) .. ' ' .. ARGV[3] .. ' ' .. ARGV[5]
redis.call('HSET', KEYS[1], ARGV[2], value)
redis.call('SET', KEYS[3], int(epoch))
if oldLease then return { value, old, int(oldLease) } end
return { value }
`);

/** KEYS: connections. ARGV: networkId, node, epoch. */
export const release = createScript(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value then return 0 end
local epoch, json = string.match(value, '^(%d+) %d+ %d+ %S+ (.*)$')
if epoch ~= ARGV[3] or cjson.decode(json).node ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`);

/** KEYS: connections, leases. ARGV: now, networkId. */
export const get = createScript(`${clock}${leaseOf}
local value = redis.call('HGET', KEYS[1], ARGV[2])
local lease = value and leaseOf(value)
if not lease then return false end
return { value, int(lease) }
`);

/**
 * KEYS: nodes, leases. ARGV: now, node, incarnation, the incarnation before or '', lease in ms, '1' for the first
 * renewal of a process. A name that another process took since is left to it.
 */
export const renew = createScript(`${clock}
local current = redis.call('HGET', KEYS[1], ARGV[2])
if current and current ~= ARGV[3] then
  if current ~= ARGV[4] and ARGV[6] ~= '1' then return 'taken' end
  redis.call('HDEL', KEYS[2], current)
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
local state, from = 'forgotten', now
local lease = redis.call('HGET', KEYS[2], ARGV[3])
if lease then
  local begun, ends = string.match(lease, '^(%d+) (%d+)$')
  if tonumber(ends) > now then state, from = 'kept', tonumber(begun) else state = 'ranOut' end
end
redis.call('HSET', KEYS[2], ARGV[3], int(from) .. ' ' .. int(now + tonumber(ARGV[5])))
return state
`);

/**
 * Entries of open connections, written again; a newer one stays and is told. KEYS: connections, epoch. ARGV: now, lease
 * in ms, incarnation, then networkId, epoch, since in ms and JSON of each.
 */
export const restore = createScript(`${clock}
local replaced = {}
local highest = tonumber(redis.call('GET', KEYS[2]) or '0')
for index = 4, #ARGV, 4 do
  local epoch = tonumber(ARGV[index + 1])
  local there = redis.call('HGET', KEYS[1], ARGV[index])
  if there and (parse(there)) > epoch then
    table.insert(replaced, ARGV[index])
    table.insert(replaced, there)
  else
    local ends = int(now + tonumber(ARGV[2]))
    redis.call('HSET', KEYS[1], ARGV[index], int(epoch) .. ' ' .. ARGV[index + 2] .. ' ' .. ends .. ' ' .. ARGV[3] .. ' ' .. ARGV[index + 3])
    highest = math.max(highest, epoch)
  end
end
redis.call('SET', KEYS[2], int(highest))
return replaced
`);

/** Takes out those entries that count no more. KEYS: connections, leases. ARGV: now, then networkIds. */
export const tidyConnections = createScript(`${clock}${leaseOf}
for index = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[index])
  if value and not leaseOf(value) then redis.call('HDEL', KEYS[1], ARGV[index]) end
end
return 1
`);

/** Forgets nodes that were not heard of for long. KEYS: nodes, leases. ARGV: now, how long in ms. */
export const tidyNodes = createScript(`${clock}
local leases = redis.call('HGETALL', KEYS[2])
for index = 1, #leases, 2 do
  local ends = tonumber(string.match(leases[index + 1], '(%d+)$'))
  if ends + tonumber(ARGV[2]) < now then redis.call('HDEL', KEYS[2], leases[index]) end
end
local nodes = redis.call('HGETALL', KEYS[1])
for index = 1, #nodes, 2 do
  if redis.call('HEXISTS', KEYS[2], nodes[index + 1]) == 0 then redis.call('HDEL', KEYS[1], nodes[index]) end
end
return 1
`);
