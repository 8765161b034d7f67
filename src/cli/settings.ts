import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { explainFaults, readConfigSources } from '../app/config-source.ts'
import { parseConfig, type Config } from '../config.ts'

/** Secrets of the installation, beside where the command runs. */
export const envFile = '.env'

/** The configuration, and what it was made of. */
export interface LoadedSources {
  readonly config: Config
  readonly raw: Readonly<Record<string, unknown>>
  /** The configuration file, which need not exist. */
  readonly file: string
}

/** Reads `.env`, the configuration file and the environment. Throws `bad_config` naming every fault. */
export const loadSources = (command: Command): LoadedSources => {
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const { config: file } = command.optsWithGlobals<{ config: string }>()
  const sources = readConfigSources(file, process.env)
  const parsed = parseConfig(sources.raw)
  const faults = [...sources.faults, ...('faults' in parsed ? parsed.faults : [])]
  if (faults.length > 0 || 'faults' in parsed) throw explainFaults(faults)
  return { config: parsed.config, raw: sources.raw, file }
}

/** The configuration in force. Throws `bad_config` naming every fault. */
export const loadConfig = (command: Command): Config => loadSources(command).config
