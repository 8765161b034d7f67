export type {
  PushTiming,
  WechatAccount,
  WechatAccountKind,
  WechatMode,
  WechatSimulatorOptions,
  WechatUser,
  WindowAction,
  WindowLimit,
} from './account.ts'
export type { DirectoryUser } from './directory.ts'
export { apiNames } from './faults.ts'
export type { ApiName, FaultSpec, HttpFault } from './faults.ts'
export type { ShelvedMedia, WechatMediaKind } from './media-shelf.ts'
export type { ReplyView } from './passive-reply.ts'
export type { PushOptions, PushOutcome } from './pusher.ts'
export { simulatorSnapshot } from './snapshot.ts'
export { createWechatSimulator, systemErrorText } from './simulator.ts'
export type { CallbackCheck, Prepared, SimulatorEvent, WechatSimulator } from './simulator.ts'
export type { ApiExchange, Exchange, PushExchange, PushFaultName, PushResult } from './trace.ts'
export type { PushState, TranscriptContent, TranscriptEntry, TranscriptSource } from './transcript.ts'
export type { Utterance } from './utterance.ts'
export type { OpenWindow } from './windows.ts'
export { node } from './xml.ts'
export type { XmlNode } from './xml.ts'
