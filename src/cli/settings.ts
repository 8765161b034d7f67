import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { explainFaults, readConfigSources } from '../app/config-source.ts'
import { parseConfig, type Config } from '../config.ts'

/** Reads `.env`, the configuration file and the environment. Throws `bad_config` naming every fault. */
export const loadConfig = (command: Command): Config => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { config: path } = command.optsWithGlobals<{ config: string }>()
  const sources = readConfigSources(path, process.env)
  const parsed = parseConfig(sources.raw)
  const faults = [...sources.faults, ...('faults' in parsed ? parsed.faults : [])]
  if (faults.length > 0 || 'faults' in parsed) throw explainFaults(faults)
  return parsed.config
}
