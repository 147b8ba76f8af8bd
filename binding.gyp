# binding.gyp: the Node-API addon. No C++ exceptions, no symbols visible but the
# entry point. rump/include comes last: it has headers of the C library's names.
{
  'targets': [
    {
      'target_name': 'rumpkit',
      'sources': [
        'glue/node/addon.cc',
        'glue/node/copy.cc',
        'glue/node/datagrams.cc',
        'glue/node/events.cc',
        'glue/node/files.cc',
        'glue/node/flags.cc',
        'glue/node/interfaces.cc',
        'glue/node/jobs.cc',
        'glue/node/kernel.cc',
        'glue/node/library.cc',
        'glue/node/names.cc',
        'glue/node/net_events.cc',
        'glue/node/read.cc',
        'glue/node/simple.cc',
        'glue/node/socket_address.cc',
        'glue/node/sockets.cc',
        'glue/node/stat.cc',
        'glue/node/trees.cc',
        'glue/node/vectors.cc',
        'glue/node/write.cc',
        'glue/common/errtrans.c',
      ],
      'dependencies': [
        "<!(node -p \"require('node-addon-api').targets\"):node_addon_api",
      ],
      # In a worker that is being terminated exceptions cannot be thrown; they are
      # dropped, where Node-API's wrapper would end the process.
      'defines': [
        'NAPI_VERSION=8',
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        '_GNU_SOURCE',
      ],
      'cflags': [
        '-fvisibility=hidden',
        '-Wall',
        '-Wextra',
        '-idirafter<(module_root_dir)/rump/include',
      ],
      'cflags_cc': ['-std=gnu++17', '-fno-exceptions'],
      'ldflags': ['-Wl,--exclude-libs,ALL'],
    },
  ],
}
