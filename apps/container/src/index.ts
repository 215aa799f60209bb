export { type NginxOptions, nginxConfig } from './nginx-config.ts';
export { prepare } from './prepare.ts';
