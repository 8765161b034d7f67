export { createBotAccount, createBotSimulator } from './botframework/index.ts'
export type { BotAccount, BotSimulator, TokenChanges } from './botframework/index.ts'
export { createSandbox, demoUsers } from './page/index.ts'
export type { Sandbox, SandboxOptions } from './page/index.ts'
export {
  createTelegramAccount,
  createTelegramSimulator,
  mediaFields,
  photoFields,
  textFields,
} from './telegram/index.ts'
export type { TelegramAccount, TelegramSimulator } from './telegram/index.ts'
export { createWechatSimulator, systemErrorText } from './wechat/index.ts'
export type {
  ApiExchange,
  ApiName,
  CallbackCheck,
  Exchange,
  FaultSpec,
  HttpFault,
  OpenWindow,
  PushExchange,
  PushOptions,
  PushOutcome,
  SimulatorEvent,
  TranscriptContent,
  TranscriptEntry,
  Utterance,
  WechatAccount,
  WechatMode,
  WechatSimulator,
  WechatSimulatorOptions,
  WechatUser,
} from './wechat/index.ts'
