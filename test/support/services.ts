import { describe } from 'vitest'

/** Servers some suites need; each is there when its variable names it. `scripts/with-services.sh` starts them all. */
export const services = {
  postgres: 'TONGDA_TEST_POSTGRES',
  redis: 'TONGDA_TEST_REDIS',
  s3: 'TONGDA_TEST_S3',
  chromium: 'TONGDA_TEST_CHROMIUM',
  'wechaty-bridge': 'TONGDA_TEST_WECHATY_BRIDGE',
  dovecot: 'TONGDA_TEST_DOVECOT',
} as const
export type ServiceName = keyof typeof services

/** The address of a service; undefined when this machine has none. */
export const serviceUrl = (name: ServiceName): string | undefined => process.env[services[name]]

/** The services this run lacks. */
export const missingServices = (): readonly ServiceName[] =>
  (Object.keys(services) as ServiceName[]).filter((name) => serviceUrl(name) === undefined)

/** A suite that needs a service: left out, and said so at the end of the run, where the service is missing. */
export const describeWith = (name: ServiceName, title: string, suite: (url: string) => void): void => {
  const url = serviceUrl(name)
  if (url === undefined) describe.skip(title)
  else describe(title, () => suite(url))
}
