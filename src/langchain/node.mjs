// `tongda/langchain` for Node, which reads no TypeScript in packages.
import { loadSource } from '../launch/load.mjs'

export const { connectTongda, openTongda, TongdaEmbeddings, TongdaRefused, TongdaRetriever } =
  await loadSource('src/langchain/index.ts')
