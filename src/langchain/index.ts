/** The product's knowledge and encoder for LangChain. Needs `@langchain/core`: npm install @langchain/core */
export { connectTongda, type ConnectOptions } from './connect.ts'
export { TongdaEmbeddings, type TongdaEmbeddingsInput } from './embeddings.ts'
export { openTongda, type OpenOptions } from './open.ts'
export { TongdaRefused } from './refused.ts'
export { TongdaRetriever, type ArticleMetadata, type TongdaRetrieverInput } from './retriever.ts'
export type { TongdaSource } from './source.ts'
