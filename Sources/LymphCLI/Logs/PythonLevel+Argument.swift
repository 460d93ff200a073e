internal import ArgumentParser
internal import LymphFleet

extension PythonLevel: ExpressibleByArgument {
    init?(argument: String) { self.init(named: argument) }
}
