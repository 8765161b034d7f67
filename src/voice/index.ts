export { createVoiceDecoder, type VoiceDecoderOptions } from './decoder.ts'
