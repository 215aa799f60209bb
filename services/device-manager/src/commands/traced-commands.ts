import type { Tracer } from '@ocpp-csms/runtime';
import type { Commands } from './commands.ts';

/** The same commands, each with a trace from the request to what the charge point said. */
export function tracedCommands(commands: Commands, tracer: Tracer): Commands {
  return {
    ...commands,
    async execute(request) {
      const { action, chargePoint, traceparent: parent } = request;
      const attributes = { 'ocpp.action': action, 'csms.charge_point': chargePoint };
      const span = tracer.start(`command ${action}`, { kind: 'server', parent, attributes });
      if (span === undefined) return commands.execute(request);
      try {
        const result = await commands.execute({ ...request, traceparent: span.traceparent });
        span.end({ outcome: result.status });
        return result;
      } catch (error) {
        span.end({ failed: String(error) });
        throw error;
      }
    },
  };
}
