// The engine for other packages: `import Ropewalk` brings what is public in its modules, and nothing else does.
@_exported import RopewalkDocuments
@_exported import RopewalkFormats
@_exported import RopewalkKernels
@_exported import RopewalkLens
@_exported import RopewalkMethods
@_exported import RopewalkModels
@_exported import RopewalkTokenizers
