import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from './make-release.ts';

const run = promisify(execFile);

/** What is made once and kept between runs: the base image, and what is installed in it. */
const cache = join(repository, '.cache', 'container');
/** As in the Dockerfile. What stands in for it has the same Debian and this Node.js. */
const baseImage = 'docker.io/library/node:24-trixie-slim';
const debian = 'trixie';
const mirror = 'http://deb.debian.org/debian';

export interface Buildah {
  /** Runs buildah; resolves with what it printed. */
  (...args: readonly string[]): Promise<string>;
  /** For programs that go on. */
  readonly globalArguments: readonly string[];
}

export async function openBuildah(): Promise<Buildah> {
  await mkdir(cache, { recursive: true });
  const driver = (await canMountOverlay()) ? 'overlay' : 'vfs';
  const place = ['--root', join(cache, `storage-${driver}`), '--runroot', join(cache, `run-${driver}`)];
  const globalArguments = [...place, '--storage-driver', driver];
  const buildah = async (...args: readonly string[]) => {
    const { stdout } = await run('buildah', [...globalArguments, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  };
  return Object.assign(buildah, { globalArguments });
}

async function canMountOverlay(): Promise<boolean> {
  const place = join(cache, 'overlay-test');
  for (const folder of ['lower', 'upper', 'work', 'merged']) await mkdir(join(place, folder), { recursive: true });
  const layers = ['lower', 'upper', 'work'].map((folder) => `${folder}dir=${join(place, folder)}`).join(',');
  try {
    await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, join(place, 'merged')]);
    await run('umount', [join(place, 'merged')]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Builds a target of the Dockerfile from the archive that package.sh made; resolves with the name of the image. */
export async function buildImage(
  buildah: Buildah,
  { target, version }: { target: string; version: string },
): Promise<string> {
  await ensureBaseImage(buildah);
  const dockerfile = join(repository, 'deploy', 'container', 'Dockerfile');
  const arguments_ = ['--build-arg', `VERSION=${version}`, '--ignorefile', `${dockerfile}.dockerignore`];
  const how = ['--isolation', 'chroot', '--format', 'docker', '--pull=false', '--layers', '--quiet'];
  // By its name the image stays, and with it what is the same next time: what Debian's packages have installed.
  const name = `localhost/ocpp-csms-test:${target}`;
  await buildah('build', ...how, ...arguments_, '--target', target, '--tag', name, '-f', dockerfile, repository);
  await buildah('rmi', '--prune');
  return name;
}

/** No registry of images is asked: the base is made of Debian's packages and the Node.js that runs this. */
async function ensureBaseImage(buildah: Buildah): Promise<void> {
  const made = await buildah('images', '--quiet', baseImage).catch(() => '');
  if (made !== '') return;
  const archive = join(cache, `${debian}.tar`);
  if (!existsSync(archive)) {
    process.stderr.write(`Making a base image of Debian ${debian}, once …\n`);
    const options = ['--variant=apt', '--include=ca-certificates,passwd', debian, `${archive}.part`, mirror];
    await run('mmdebstrap', ['--format=tar', '--quiet', ...options]);
    await run('mv', [`${archive}.part`, archive]);
  }
  const container = await buildah('from', 'scratch');
  await buildah('add', '--quiet', container, archive, '/');
  await buildah('copy', '--quiet', '--chmod', '0755', container, process.execPath, '/usr/local/bin/node');
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  await buildah('config', '--env', path, container);
  await buildah('commit', '--quiet', '--rm', container, baseImage);
}
